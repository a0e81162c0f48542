/** A German draft in the store: its language is kept with it, and the checks before signing say that they do not read it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { addAnalysis } from '#backend/db/analyses.ts';
import { addDraft, draftOf } from '#backend/db/drafts.ts';
import { addInstance } from '#backend/db/addInstance.ts';
import { raisedChecks } from '#backend/services/checking.ts';
import { documentOf, languageOf, plannedDraft } from '#core/report/planned.ts';
import type { ReportLanguage } from '#core/report/language.ts';
import { IMAGE, inStore } from './records.ts';
import { analysisOfFilm, draftOfFilm, film } from './storeFilms.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-german-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const kept = (language: ReportLanguage) =>
  inStore(path.join(home, language), async (store) => {
    const { sha256 } = await store.objects.put(IMAGE);
    const { study } = film();
    const analysis = analysisOfFilm();
    const sources = plannedDraft({
      ...{ findings: analysis.findings, labels: [], anatomy: null, instance: analysis.instance },
      ...{ viewPosition: 'PA', sideAssumed: false, note: '', language },
    });
    const draft = { ...draftOfFilm(), sources, document: documentOf(sources) };
    store.write((write) => addInstance(write, film(), { importedAt: 0, actor: 'maker', sha256 }));
    store.write((write) => {
      addAnalysis(write, { analysis, study: study.id, maps: new Map(), actor: 'maker' });
      addDraft(write, { draft, notUsed: [], replaces: null, actor: 'maker' });
    });
    const read = draftOf(store.read, study.id);
    const { checks } = raisedChecks(store.read, draft.id);
    return {
      language: read && languageOf(read.sources),
      checks: checks.map(({ check, level }) => `${check} ${level}`),
    };
  });

test('1.1 the language comes back with the draft, and a warning stands before the signature', async () => {
  expect(await kept('de')).toEqual({ language: 'de', checks: expect.arrayContaining(['not-read warn']) as string[] });
  const english = await kept('en');
  expect(english.language).toBe('en');
  expect(english.checks).not.toContain('not-read warn');
});
