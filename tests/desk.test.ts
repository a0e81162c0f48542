/** The auditor's desk over stored reports of real films: found again, read as they were stored, drawn, counted. */
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { access } from '#contract/roles.ts';
import { DeskFilter, type DeskRow } from '#contract/desk.ts';
import { isSigned } from '#core/report/states.ts';
import { LabelId } from '#core/study/ids.ts';
import { AUDITOR, makeReports, readers } from './drive/manyReports.ts';
import { signedIn, stationIn, type Api, type Station } from './records.ts';
import { hasShared, needsShared } from './shared.ts';

const COUNT = 30;

describe.skipIf(!hasShared)(needsShared('the auditor’s desk'), () => {
  let folder = '';
  let station: Station;
  let auditor: Api;
  let rows: DeskRow[];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'raddraft-desk-'));
    const { until } = await makeReports(folder, { count: COUNT, mornings: 3, seed: 3, until: Date.UTC(2026, 8, 1, 7) });
    station = await stationIn(folder, { now: () => until });
    auditor = (await signedIn(station, AUDITOR)).api;
    rows = (await auditor['desk.list']({ limit: 500 })).rows;
  }, 120_000);
  afterAll(async () => {
    await station.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const found = async (filter: Partial<DeskFilter>) => (await auditor['desk.list']({ filter, limit: 500 })).rows;

  describe('1 reports found again', () => {
    test('1.1 every report is there, newest change first, page by page', async () => {
      expect(rows).toHaveLength(COUNT);
      expect(rows.map(({ savedAt }) => savedAt)).toEqual([...rows].map(({ savedAt }) => savedAt).sort((a, b) => b - a));
      const page = await auditor['desk.list']({ limit: 7, offset: 7 });
      expect(page.total).toBe(COUNT);
      expect(page.rows.map(({ draft }) => draft)).toEqual(rows.slice(7, 14).map(({ draft }) => draft));
    });

    test('1.2 each filter answers exactly the rows that fit it', async () => {
      const checks: [Partial<DeskFilter>, (row: DeskRow) => boolean][] = [
        [{ reader: 'moreau' }, ({ reader }) => reader === 'moreau'],
        [{ pack: 'example-scores 2.0.0' }, ({ pack }) => pack === 'example-scores 2.0.0'],
        [{ stages: ['corrected', 'addendum'] }, ({ stage }) => stage === 'corrected' || stage === 'addendum'],
        [{ changedFrom: 0.2, changedTo: 0.6 }, ({ changed }) => changed !== null && changed >= 0.2 && changed <= 0.6],
        [{ changedTo: 0 }, ({ changed }) => changed === 0],
        [{ overrides: 'with' }, ({ overrides }) => overrides > 0],
        [{ overrides: 'without' }, ({ overrides }) => overrides === 0],
        [{ from: rows[9]?.savedAt ?? 0 }, ({ savedAt }) => savedAt >= (rows[9]?.savedAt ?? 0)],
        [{ to: rows[9]?.savedAt ?? 0 }, ({ savedAt }) => savedAt <= (rows[9]?.savedAt ?? 0)],
        [{ text: 'quixano ex-0000' }, ({ patient }) => patient.id === 'EX-0000'],
        [{ text: 'MULLER' }, ({ patient }) => patient.name.alphabetic.startsWith('Müller')],
      ];
      for (const [filter, fits] of checks) {
        const wanted = rows.filter(fits).map(({ draft }) => draft);
        expect(wanted.length, JSON.stringify(filter)).toBeGreaterThan(0);
        expect(wanted.length, JSON.stringify(filter)).toBeLessThan(COUNT);
        expect(
          (await found(filter)).map(({ draft }) => draft),
          JSON.stringify(filter),
        ).toEqual(wanted);
      }
    });

    test('1.3 sorted both ways by every column', async () => {
      const order = async (sort: 'share' | 'reader' | 'patient', descending: boolean) =>
        (await auditor['desk.list']({ sort, descending, limit: 500 })).rows;
      const shares = (await order('share', true)).map(({ changed }) => changed ?? -1);
      expect(shares).toEqual([...shares].sort((a, b) => b - a));
      const names = (await order('reader', false)).map(({ reader }) => reader);
      expect(names).toEqual([...names].sort());
      expect((await order('patient', false))[0]?.patient.name.alphabetic).toMatch(/^Achter/);
    });

    test('1.4 the share of text changed is 0 for what nobody touched, and goes up with the edit', async () => {
      const untouched = rows.filter(({ stage }) => stage === 'ai-draft');
      expect(untouched.length).toBeGreaterThan(0);
      expect(untouched.every(({ changed }) => changed === 0)).toBe(true);
      expect(rows.some(({ changed }) => (changed ?? 0) > 0.1)).toBe(true);
    });

    test('1.5 by a finding that the model marked; the choices name what there is', async () => {
      const choices = await auditor['desk.choices']({});
      expect(choices.packs).toEqual(['example-scores 1.0.0', 'example-scores 1.1.0', 'example-scores 2.0.0']);
      expect(choices.readers).toEqual(expect.arrayContaining(readers));
      const effusion = LabelId.parse('effusion');
      const marked = await found({ finding: effusion });
      expect(marked.length).toBeGreaterThan(0);
      for (const row of rows) {
        const { fates } = await auditor['desk.report']({ draft: row.draft });
        const positive = fates.some(({ label, positive }) => label === effusion && positive);
        expect(
          marked.some(({ draft }) => draft === row.draft),
          row.draft,
        ).toBe(positive);
      }
    });
  });

  describe('2 one report', () => {
    test('2.1 opens as it was stored: saliency, the model’s text, the signed text, versions, rows of the log', async () => {
      const row = rows.find(({ stage, changed }) => stage === 'corrected' && (changed ?? 0) > 0) ?? missing();
      const whole = await auditor['desk.report']({ draft: row.draft });
      expect(whole.versions[0]?.kind).toBe('model');
      expect(whole.versions.at(-1)?.kind).toBe('corrected');
      expect(whole.versions.filter(({ release }) => release !== null).length).toBeGreaterThanOrEqual(2);
      const last = whole.versions.at(-1)?.number ?? 0;
      const signed = await auditor['draft.version']({ draft: row.draft, number: last });
      expect(whole.text).toEqual(signed.document);
      expect(whole.drafted).toEqual((await auditor['draft.version']({ draft: row.draft, number: 1 })).document);
      const about = whole.audit.map(({ event }) => event);
      for (const event of [
        'instance.imported',
        'analysis.added',
        'draft.made',
        'draft.saved',
        'report.signed',
        'report.amended',
      ])
        expect(about, event).toContain(event);
      expect(whole.audit.map(({ seq }) => seq)).toEqual(whole.audit.map(({ seq }) => seq).sort((a, b) => a - b));
      for (const fate of whole.fates.filter(({ positive }) => positive)) {
        const analysis = whole.analysis?.id ?? missing();
        const map = await auditor['analysis.saliency']({ analysis, label: fate.label });
        expect([map.rows, map.columns]).toEqual([14, 14]);
      }
    });

    test('2.2 opening one is itself a row of the log, once a look', async () => {
      const { draft } = rows[0] ?? missing();
      const other = rows[1]?.draft ?? missing();
      const opened = async () =>
        (await auditor['audit.list']({ event: 'report.opened', subject: draft, actor: AUDITOR })).length;
      await auditor['desk.report']({ draft: other });
      const before = await opened();
      await auditor['desk.report']({ draft });
      await auditor['desk.report']({ draft });
      expect(await opened()).toBe(before + 1);
    });
  });

  describe('3 peer review', () => {
    test('3.1 a sample can be drawn again by whoever has its seed', async () => {
      const sample = await auditor['review.sample']({ kind: 'random', size: 5, seed: 'a seed' });
      const items = await auditor['review.items']({ sample: sample.id });
      const signed = rows.filter(({ stage }) => isSigned(stage)).map(({ draft }) => draft);
      const again = [...signed]
        .sort((a, b) => (hash('sha256', `a seed:${a}`) < hash('sha256', `a seed:${b}`) ? -1 : 1))
        .slice(0, 5);
      expect(items.map(({ row }) => row.draft)).toEqual(again);
      expect(sample).toMatchObject({ seed: 'a seed', candidates: signed.length, size: 5, reviewed: 0, login: AUDITOR });
      expect((await auditor['review.samples']({}))[0]).toEqual(sample);
    });

    test('3.2 by a finding: only signed reports in which the model marked it; without a seed one is made and kept', async () => {
      const finding = LabelId.parse('effusion');
      const sample = await auditor['review.sample']({ kind: 'finding', finding, size: 500 });
      expect(sample.seed).not.toBe('');
      const items = await auditor['review.items']({ sample: sample.id });
      const marked = (await found({ finding })).filter(({ stage }) => isSigned(stage));
      expect(new Set(items.map(({ row }) => row.draft))).toEqual(new Set(marked.map(({ draft }) => draft)));
      await expect(auditor['review.sample']({ kind: 'finding', size: 3 })).rejects.toMatchObject({
        code: 'invalid-input',
      });
      await expect(
        auditor['review.sample']({ kind: 'random', size: 3, filter: { stages: ['ai-draft'] } }),
      ).rejects.toMatchObject({ code: 'refused' });
    });

    test('3.3 score and comment come to who signed, who answers once; nobody else does', async () => {
      const row = rows.find(({ stage, reader }) => stage === 'final' && reader === 'moreau') ?? missing();
      const { versions } = await auditor['desk.report']({ draft: row.draft });
      const version = versions.findLast(({ release }) => release?.kind === 'final')?.number ?? 0;
      const said = { score: 3 as const, matters: true, comment: 'A nodule is not named.' };
      const review = await auditor['review.give']({ draft: row.draft, version, ...said });
      const moreau = (await signedIn(station, 'moreau')).api;
      const other = (await signedIn(station, 'okafor')).api;
      const [mine] = await moreau['review.mine']({});
      expect(mine).toMatchObject({
        study: row.study,
        review: { ...said, id: review.id, reviewer: AUDITOR, answeredAt: null },
      });
      expect((await other['review.mine']({})).some(({ review: { id } }) => id === review.id)).toBe(false);
      await expect(other['review.answer']({ review: review.id })).rejects.toMatchObject({ code: 'refused' });
      expect((await moreau['review.answer']({ review: review.id, answer: 'I see it now.' })).answer).toBe(
        'I see it now.',
      );
      await expect(moreau['review.answer']({ review: review.id })).rejects.toMatchObject({ code: 'conflict' });
      const events = (await auditor['audit.list']({ subject: row.draft })).map(({ event }) => event);
      expect(events).toEqual(expect.arrayContaining(['review.given', 'review.answered']));
      const log = JSON.stringify(await auditor['audit.list']({ limit: 1000 }));
      expect(log).not.toContain('A nodule is not named');
    });

    test('3.4 what is not signed is not reviewed', async () => {
      const { draft } = rows.find(({ stage }) => stage === 'in-progress' || stage === 'ai-draft') ?? missing();
      await expect(auditor['review.give']({ draft, version: 1, score: 1 })).rejects.toMatchObject({ code: 'refused' });
    });
  });

  describe('4 monitoring', () => {
    test('4.1 the counts are those of the single reports', async () => {
      const { findings, reports, signed } = await auditor['desk.monitoring']({});
      expect([reports, signed]).toEqual([COUNT, rows.filter(({ signedAt }) => signedAt !== null).length]);
      const wholes = await Promise.all(rows.map(({ draft }) => auditor['desk.report']({ draft })));
      for (const row of findings) {
        const fates = wholes
          .filter(({ row: { pack } }) => pack === row.pack)
          .flatMap(({ fates, row: { signedAt } }) =>
            fates.filter(({ label }) => label === row.label).map((fate) => ({ ...fate, signed: signedAt !== null })),
          );
        expect(row.drafts).toBe(fates.length);
        expect(row.positive).toBe(fates.filter(({ positive }) => positive).length);
        expect(row.rejected).toBe(fates.filter(({ verdict }) => verdict?.verdict === 'rejected').length);
        expect(row.edited).toBe(fates.filter(({ signed, sentence }) => signed && sentence === 'edited').length);
        expect(row.omissions).toBe(
          fates.filter(
            (fate) => fate.signed && fate.positive && fate.said === 'absent' && fate.verdict?.verdict !== 'rejected',
          ).length,
        );
        expect(row.overrides).toBe(fates.reduce((sum, { overridden }) => sum + overridden.length, 0));
      }
      expect(findings.some(({ overrides }) => overrides > 0)).toBe(true);
    });

    test('4.2 drift by version and month holds every film once; times hold every signed report', async () => {
      const { drift, times, findings } = await auditor['desk.monitoring']({});
      const films = drift.filter(({ label }) => label === 'effusion').reduce((sum, row) => sum + row.films, 0);
      expect(films).toBe(
        findings.filter(({ label }) => label === 'effusion').reduce((sum, row) => sum + row.drafts, 0),
      );
      const all = times.find(({ of }) => of === 'all') ?? missing();
      expect(all.reports).toBe(times.filter(({ of }) => of === 'reader').reduce((sum, row) => sum + row.reports, 0));
      expect(all.median).toBeLessThanOrEqual(all.ninetieth);
      expect(all.median).toBeGreaterThan(60_000);
    });

    test('4.3 as CSV: one line a row, no cell begins as a formula does, and the log keeps that it was taken', async () => {
      const { text } = await auditor['desk.export']({ what: 'list' });
      const lines = text.trim().split('\r\n');
      expect(lines).toHaveLength(COUNT + 1);
      for (const what of ['findings', 'drift', 'times', 'reviews', 'list'] as const) {
        const table = await auditor['desk.export']({ what });
        expect(table.text.split('\r\n').length, what).toBeGreaterThan(2);
        for (const one of table.text.split(/\r\n|,/)) expect(one, what).not.toMatch(/^"?[=+@\t]|^"?-(?!\d)/);
      }
      const [row] = await auditor['audit.list']({ event: 'desk.exported', limit: 1 });
      expect(JSON.parse(row?.detail ?? '')).toEqual({ what: 'list', rows: COUNT });
    });
  });

  describe('5 who may', () => {
    test('5.1 an auditor’s only calls that write are those of peer review', () => {
      const open = Object.entries(access).filter(([, { for: to }]) => typeof to !== 'string' && to.includes('auditor'));
      const reading =
        /\.(of|list|lists|open|state|status|version|versions|info|pixels|picture|preview|report|earlier|choices|monitoring|samples|items|verify|head|saliency|verdicts|review)$/;
      const others = open.map(([name]) => name).filter((name) => !reading.test(name));
      // Exports hand on what is stored and change nothing but the log.
      expect(others.sort()).toEqual(['audit.export', 'desk.export', 'report.output', 'review.give', 'review.sample']);
    });

    test('5.2 the desk is closed to readers and administrators; writing is closed to the auditor', async () => {
      const reader = (await signedIn(station, 'okafor')).api;
      const chief = (await signedIn(station, 'chief')).api;
      for (const api of [reader, chief]) {
        await expect(api['desk.list']({})).rejects.toMatchObject({ code: 'forbidden' });
        await expect(api['review.sample']({ kind: 'random', size: 1 })).rejects.toMatchObject({ code: 'forbidden' });
        await expect(api['desk.export']({ what: 'list' })).rejects.toMatchObject({ code: 'forbidden' });
      }
      const { draft, study } = rows[0] ?? missing();
      const tries = [
        auditor['draft.save']({ draft, revision: 0, document: { sections: [] } }),
        auditor['draft.keep']({ draft }),
        auditor['draft.write']({ study }),
        auditor['report.discard']({ draft, revision: 0, reason: 'because' }),
        auditor['finding.judge']({ analysis: 'a', label: 'effusion', verdict: 'seen', note: '' }),
        auditor['review.answer']({ review: 1 }),
      ];
      for (const one of tries) await expect(one).rejects.toMatchObject({ code: 'forbidden' });
    });
  });
});

function missing(): never {
  throw new Error('expected one in the sample');
}
