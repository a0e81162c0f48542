import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LabelId } from '#core/study/ids.ts';
import {
  analysisOfFilm,
  document,
  draftOfFilm,
  effusion,
  film,
  imported,
  instanceId,
  optionsIn,
  random,
  storeIn,
  temporary,
} from '../../../tests/storeSamples.ts';
import { addAnalysis, analysesOf, analysisOf, saliencyOf } from './analyses.ts';
import { append } from './audit.ts';
import { addDraft, draftOf, keepVersion, markRefused, notUsedOf, saveDraft, version, versions } from './drafts.ts';
import { Count } from './rows.ts';
import { openStore, type Store } from './store.ts';
import { conflictsOf, instanceOf, listStudies, openStudy, refusalOf } from './studies.ts';
import { addInstance } from './addInstance.ts';

const grid = new Float32Array([0, 0.25, 0.5, 1]);
const map = {
  rows: 2,
  columns: 2,
  bytes: new Uint8Array(grid.buffer.slice(0)),
  toImage: { a: 2, b: 0, c: 0, d: 2, e: 0.5, f: -0.5 },
};

/** One film, analysed and drafted. */
function fill(store: Store): void {
  const { study } = film();
  store.write((write) => addInstance(write, film(), imported));
  store.write((write) => {
    addAnalysis(write, {
      analysis: analysisOfFilm(),
      study: study.id,
      maps: new Map([[effusion, map]]),
      actor: 'reader',
    });
    addDraft(write, {
      draft: draftOfFilm(),
      notUsed: [{ instance: instanceId, reason: 'lateral' }],
      replaces: null,
      actor: 'reader',
    });
  });
}

const save = (revision: number, text: string) => ({
  draft: draftOfFilm().id,
  revision,
  document: document(text),
  savedAt: 1_767_600_100_000 + revision,
  actor: 'reader',
});

describe('the store', () => {
  test('1.1 everything that was stored is there after closing and opening again', async () => {
    const folder = temporary();
    const first = await openStore(optionsIn(folder));
    const pixels = random(300_000);
    const { sha256 } = await first.objects.put(pixels);
    fill(first);
    expect(first.write((write) => saveDraft(write, save(0, 'Effusion on the left.')))).toBe(1);
    const kept = first.write((write) =>
      keepVersion(write, { draft: draftOfFilm().id, kind: 'saved', createdAt: 5, actor: 'reader' }),
    );
    await first.close();

    const store = await storeIn(folder);
    expect(Buffer.compare(await store.objects.get(sha256), pixels)).toBe(0);
    const stored = instanceOf(store.read, instanceId);
    expect(stored).toEqual({
      id: instanceId,
      series: '1.2.3.1',
      study: '1.2.3',
      number: 1,
      sha256: imported.sha256,
      header: film().header,
    });
    expect(analysisOf(store.read, analysisOfFilm().id)).toEqual(analysisOfFilm());
    expect(analysesOf(store.read, film().study.id)).toEqual(['analysis-1']);
    expect(saliencyOf(store.read, analysisOfFilm().id, effusion)).toEqual(map);
    expect(saliencyOf(store.read, analysisOfFilm().id, LabelId.parse('nodule'))).toBeNull();
    const draft = draftOf(store.read, film().study.id);
    expect(draft).toEqual({
      ...draftOfFilm(),
      document: document('Effusion on the left.'),
      revision: 1,
      savedAt: 1_767_600_100_000,
    });
    expect(notUsedOf(store.read, draftOfFilm().id)).toEqual([{ instance: instanceId, reason: 'lateral' }]);
    expect(versions(store.read, draftOfFilm().id).map(({ number, kind }) => [number, kind])).toEqual([
      [1, 'model'],
      [2, 'saved'],
    ]);
    expect(version(store.read, draftOfFilm().id, 2)).toEqual({
      version: kept,
      document: document('Effusion on the left.'),
    });
    expect(version(store.read, draftOfFilm().id, 1)?.document).toEqual(draftOfFilm().document);
    expect((await store.audit.verify()).problem).toBe('');
  });

  test('1.2 every write has an audit row with its actor, and one without is not committed', async () => {
    const store = await storeIn(temporary());
    fill(store);
    expect(() => store.write((write) => write.run(`UPDATE studies SET description = 'x'`))).toThrow(/audit log/);
    expect(openStudy(store.read, film().study.id)?.summary.description).toBe('Chest two views');
    expect(() => store.write(async () => undefined)).toThrow(/may not wait/);
    store.settings.set({ theme: 'light' }, 'reader');
    expect(
      store.audit
        .list({ limit: 100 })
        .map(({ event, actor }) => [event, actor])
        .slice(0, -1),
    ).toEqual([
      ['settings.changed', 'reader'],
      ['draft.kept', 'reader'],
      ['draft.made', 'reader'],
      ['analysis.added', 'reader'],
      ['instance.imported', 'reader'],
    ]);
    expect(store.audit.list({ limit: 1000 }).at(-1)?.event).toBe('database.made');
  });

  test('1.3 a write that throws leaves nothing, not even its audit row', async () => {
    const store = await storeIn(temporary());
    const before = store.audit.list({ limit: 1000 }).length;
    expect(() =>
      store.write((write) => {
        addInstance(write, film(), imported);
        append(write, { at: 1, actor: 'a', event: 'x.y', subject: 'z' });
        throw new RangeError('stop');
      }),
    ).toThrow(RangeError);
    expect(listStudies(store.read, { text: '', limit: 10, offset: 0 }).total).toBe(0);
    expect(store.audit.list({ limit: 1000 })).toHaveLength(before);
  });

  test('1.4 the log carries sizes, never the words of a report nor the name of a patient', async () => {
    const store = await storeIn(temporary());
    fill(store);
    store.write((write) => saveDraft(write, save(0, 'Windmill in the left upper zone.')));
    addConflict(store);
    const log = JSON.stringify(store.audit.list({ limit: 1000 }));
    expect(log).toContain('"revision\\":1');
    expect(log).toContain('"characters\\":32');
    expect(log).not.toMatch(/Windmill|Quixano|PATIENT-1|effusion is/);
  });

  test('1.5 files and folders are for the owner alone', async () => {
    const store = await storeIn(temporary());
    fill(store);
    const mode = (file: string) => statSync(file).mode & 0o777;
    const { folder } = store;
    expect([folder.root, folder.objects, folder.backups].map(mode)).toEqual([0o700, 0o700, 0o700]);
    expect([folder.keys, folder.owner, folder.auditHead].map(mode)).toEqual([0o600, 0o600, 0o600]);
  });

  test('1.6 settings: defaults, changes, and a stored value that is no longer understood', async () => {
    const folder = temporary();
    const store = await storeIn(folder);
    expect(store.settings.get().theme).toBe('dark');
    expect(store.settings.set({ theme: 'light', reportWidth: 500 }, 'reader').reportWidth).toBe(500);
    store.write((write) => {
      write.run(`UPDATE settings SET value = '"purple"' WHERE name = 'theme'`);
      append(write, { at: 1, actor: 'a', event: 'settings.changed', subject: 'theme' });
    });
    expect(store.settings.get()).toMatchObject({ theme: 'dark', reportWidth: 500 });
  });
});

function addConflict(store: Store) {
  return store.write((write) => addInstance(write, film(), { ...imported, sha256: 'c'.repeat(64) }));
}

describe('whose film is this', () => {
  test('2.1 the same file twice is one', async () => {
    const store = await storeIn(temporary());
    const add = () => store.write((write) => addInstance(write, film(), imported));
    expect(add()).toEqual({ outcome: 'read', reason: '', study: '1.2.3', instance: '1.2.3.1.1' });
    const rows = store.audit.list({ limit: 1000 }).length;
    expect(add().outcome).toBe('already-here');
    expect(openStudy(store.read, film().study.id)?.summary.instances).toBe(1);
    expect(store.audit.list({ limit: 1000 })).toHaveLength(rows);
  });

  test('2.2 the same UID with other bytes is a conflict: recorded once, shown, never a replacement', async () => {
    const store = await storeIn(temporary());
    fill(store);
    expect(addConflict(store)).toMatchObject({ outcome: 'conflict', reason: /other content/ });
    expect(addConflict(store).outcome).toBe('conflict');
    expect(instanceOf(store.read, instanceId)?.sha256).toBe(imported.sha256);
    expect(conflictsOf(store.read, film().study.id)).toMatchObject([{ instance: instanceId, sha256: 'c'.repeat(64) }]);
    expect(store.audit.list({ limit: 1000 }).filter(({ event }) => event === 'import.conflict')).toHaveLength(1);
  });

  test('2.3 the same patient id from another issuer is another patient', async () => {
    const store = await storeIn(temporary());
    store.write((write) => addInstance(write, film(), imported));
    const other = film({ study: '9.9', instance: '9.9.1.1', issuer: 'ELSEWHERE', name: 'Panza^Sancho' });
    store.write((write) => addInstance(write, other, imported));
    const { studies } = listStudies(store.read, { text: 'PATIENT-1', limit: 10, offset: 0 });
    expect(studies.map(({ patient }) => [patient.issuer, patient.name.alphabetic]).sort()).toEqual([
      ['ELSEWHERE', 'Panza^Sancho'],
      ['HOSPITAL', 'Quixano^Alonso'],
    ]);
    const patients = () =>
      store.read.get(Count, 'SELECT count(DISTINCT patient) AS n FROM studies WHERE patient IS NOT NULL')?.n;
    expect(patients()).toBe(2);
    store.write((write) => addInstance(write, film({ study: '9.8', series: '9.8.1', instance: '9.8.1.1' }), imported));
    expect(patients()).toBe(2);
  });

  test.each([
    ['another patient id', { id: 'P-2' }, /patient id differs/],
    ['another issuer', { issuer: 'ELSEWHERE' }, /another issuer/],
    ['another day of birth', { birthDate: '19700101' }, /born on another day/],
    ['another name', { name: 'Panza^Sancho' }, /another name/],
  ])('2.4 a file with %s does not join a study', async (_what, sample, reason) => {
    const store = await storeIn(temporary());
    store.write((write) => addInstance(write, film(), imported));
    const second = film({ instance: '1.2.3.1.2', ...sample });
    expect(store.write((write) => addInstance(write, second, imported))).toMatchObject({ outcome: 'conflict', reason });
    expect(openStudy(store.read, film().study.id)?.summary.instances).toBe(1);
    expect(conflictsOf(store.read, film().study.id)).toHaveLength(1);
  });

  test('2.5 what a second file leaves out, or spells otherwise, contradicts nothing', async () => {
    const store = await storeIn(temporary());
    store.write((write) => addInstance(write, film(), imported));
    const second = film({ instance: '1.2.3.1.2', issuer: '', birthDate: '', name: 'QUIXANO^ALONSO^' });
    expect(store.write((write) => addInstance(write, second, imported)).outcome).toBe('read');
  });

  test('2.6 a series belongs to one study; files without a patient id are of different people', async () => {
    const store = await storeIn(temporary());
    const add = (parsed: ReturnType<typeof film>) => store.write((write) => addInstance(write, parsed, imported));
    add(film());
    expect(add(film({ study: '5', series: '1.2.3.1', instance: '5.1' }))).toMatchObject({ reason: /another study/ });
    add(film({ study: '6', instance: '6.1', id: '', issuer: '', name: '' }));
    add(film({ study: '7', instance: '7.1', id: '', issuer: '', name: '' }));
    const patients = store.write((write) => {
      append(write, { at: 1, actor: 'a', event: 'x.y', subject: 'z' });
      return write.run('UPDATE patients SET first_seen = first_seen');
    });
    expect(patients).toBe(3);
  });

  test('2.7 instances come sorted by position, series by number', async () => {
    const store = await storeIn(temporary());
    const slice = (n: number, z: number) =>
      film({ instance: `1.2.3.1.${n}`, number: n, imagePosition: [0, 0, z], modality: 'CT' });
    for (const [n, z] of [
      [1, 30],
      [2, 10],
      [3, 20],
    ] as const)
      store.write((write) =>
        addInstance(write, slice(n, z), { ...imported, sha256: createHash('sha256').update(`${n}`).digest('hex') }),
      );
    const study = openStudy(store.read, film().study.id);
    expect(study?.series[0]?.instances.map(({ number }) => number)).toEqual([2, 3, 1]);
    expect(study?.summary).toMatchObject({ instances: 3, modalities: ['CT'], bodyPart: 'CHEST' });
  });
});

describe('drafts', () => {
  test('3.1 a stale revision is a conflict, and nothing is lost', async () => {
    const store = await storeIn(temporary());
    fill(store);
    store.write((write) => saveDraft(write, save(0, 'first')));
    expect(() => store.write((write) => saveDraft(write, save(0, 'second')))).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
    expect(draftOf(store.read, film().study.id)?.document).toEqual(document('first'));
    const missing = { ...save(0, 'x'), draft: draftOfFilm('nobody').id };
    expect(() => store.write((write) => saveDraft(write, missing))).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  test('3.2 the state of a study follows its draft', async () => {
    const store = await storeIn(temporary());
    const state = () => listStudies(store.read, { text: '', limit: 1, offset: 0 }).studies[0];
    store.write((write) => addInstance(write, film(), imported));
    expect(state()).toMatchObject({ state: 'none', editedAt: null });
    const refusal = { study: film().study.id, reason: 'No frontal film.', at: 1, actor: 'reader' };
    store.write((write) => markRefused(write, refusal));
    expect(state()?.state).toBe('refused');
    expect(refusalOf(store.read, film().study.id)).toBe('No frontal film.');
    store.write((write) =>
      addInstance(write, film({ instance: '1.2.3.1.2' }), { ...imported, sha256: 'e'.repeat(64) }),
    );
    expect(state()?.state).toBe('none');
    store.write((write) => markRefused(write, refusal));
    store.write((write) => {
      addAnalysis(write, { analysis: analysisOfFilm(), study: film().study.id, maps: new Map(), actor: 'reader' });
      addDraft(write, { draft: draftOfFilm(), notUsed: [], replaces: null, actor: 'reader' });
    });
    expect(state()).toMatchObject({ state: 'ai-draft', editedAt: null });
    store.write((write) => saveDraft(write, save(0, 'x')));
    expect(state()).toMatchObject({ state: 'in-progress', editedAt: 1_767_600_100_000 });
  });

  test('3.3 another draft takes the place of the one that its maker knew, and of no other', async () => {
    const store = await storeIn(temporary());
    fill(store);
    const next = (replaces: Parameters<typeof addDraft>[1]['replaces']) => () =>
      store.write((write) =>
        addDraft(write, { draft: draftOfFilm('draft-2'), notUsed: [], replaces, actor: 'reader' }),
      );
    const known = { draft: draftOfFilm().id, revision: 0 };
    expect(next(null)).toThrow(expect.objectContaining({ code: 'conflict' }));
    store.write((write) => saveDraft(write, save(0, 'typed while the model ran')));
    expect(next(known)).toThrow(expect.objectContaining({ code: 'conflict' }));
    next({ ...known, revision: 1 })();
    expect(draftOf(store.read, film().study.id)?.id).toBe('draft-2');
    expect(versions(store.read, draftOfFilm().id)).toHaveLength(1);
  });

  test('3.4 what is kept never changes: versions, analyses, findings, saliency, sources, the log', async () => {
    const store = await storeIn(temporary());
    fill(store);
    const attempts = [
      `UPDATE draft_versions SET document = '{}'`,
      'DELETE FROM draft_versions',
      `REPLACE INTO draft_versions SELECT * FROM draft_versions`,
      `UPDATE analyses SET gate = '{}'`,
      'UPDATE findings SET probability = 0',
      'DELETE FROM saliency',
      `UPDATE drafts SET sources = '[]'`,
      'DELETE FROM drafts',
      `UPDATE instances SET sha256 = 'x'`,
      `UPDATE audit SET actor = 'somebody else'`,
      'DELETE FROM audit',
      'REPLACE INTO audit SELECT * FROM audit LIMIT 1',
    ];
    for (const sql of attempts)
      expect(() =>
        store.write((write) => {
          append(write, { at: 1, actor: 'a', event: 'x.y', subject: 'z' });
          write.run(sql);
        }),
      ).toThrow(/never|keeps/);
    expect((await store.audit.verify()).problem).toBe('');
  });

  test('3.5 keeping the same text twice keeps it once', async () => {
    const store = await storeIn(temporary());
    fill(store);
    const keep = () =>
      store.write((write) => keepVersion(write, { draft: draftOfFilm().id, kind: 'saved', createdAt: 9, actor: 'b' }));
    expect(keep()).toMatchObject({ number: 1, kind: 'model', actor: 'reader' });
    store.write((write) => saveDraft(write, save(0, 'other')));
    expect(keep()).toMatchObject({ number: 2, kind: 'saved', actor: 'b', characters: 5 });
  });
});
