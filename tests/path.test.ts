/** One film, all the way through the backend: imported, seen, drafted, edited, found again after a restart. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startImaging } from '#backend/dicom/imaging.ts';
import { PIECE_BYTES } from '#contract/calls.ts';
import { JobId, type StudyId } from '#core/study/ids.ts';
import { openStation, take, type Station } from './station.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-path-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const demoBytes = async (): Promise<Uint8Array> => {
  const imaging = startImaging();
  try {
    return await imaging.demo();
  } finally {
    await imaging.close();
  }
};

describe('1 one film, all the way', () => {
  let workstation: Station;
  let study: StudyId;
  let saved: string;
  let map: Uint8Array;
  beforeAll(async () => {
    workstation = await openStation(home);
  });
  afterAll(() => workstation.close());

  test('1.1 the demo film comes in once', async () => {
    const { api } = workstation;
    const entry = await api['import.demo']({});
    expect(entry).toMatchObject({ outcome: 'read', reason: '' });
    expect((await api['import.demo']({})).outcome).toBe('already-here');
    if (!entry.study) throw new Error('no study');
    study = entry.study;
  });

  test('1.2 it is in the worklist, and found by name, id, modality and date', async () => {
    const { api } = workstation;
    const { studies } = await api['study.list']({});
    expect(studies).toMatchObject([{ id: study, state: 'none', synthetic: true, instances: 1 }]);
    const summary = studies[0];
    if (!summary) throw new Error('no study');
    const texts = ['synthetic phantom', summary.patient.id, summary.modalities[0] ?? '', summary.date].filter(
      (text) => text !== '',
    );
    for (const text of texts) expect([text, (await api['study.list']({ text })).total]).toEqual([text, 1]);
    expect((await api['study.list']({ text: 'nobody of that name' })).total).toBe(0);
  });

  test('1.3 its pixels arrive whole, in pieces', async () => {
    const { api } = workstation;
    const instance = (await api['study.open']({ study })).series[0]?.instances[0];
    if (!instance) throw new Error('no instance');
    const info = await api['image.info']({ instance: instance.id, frame: 0 });
    let received = 0;
    while (received < info.byteLength) {
      const { bytes } = await api['image.pixels']({ instance: instance.id, frame: 0, offset: received });
      expect(bytes.length).toBeLessThanOrEqual(PIECE_BYTES);
      expect(bytes.length).toBeGreaterThan(0);
      received += bytes.length;
    }
    expect(received).toBe(info.rows * info.columns * 2);
    await expect(api['image.info']({ instance: instance.id, frame: 7 })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('1.4 a draft is made: stages in order, every sentence with evidence, every finding calibrated', async () => {
    const { api, on } = workstation;
    const stages: string[] = [];
    const quiet = on('job.progress', ({ stage }) => stages.push(stage));
    const view = await api['draft.make']({ job: JobId.parse('j'), study });
    quiet();
    expect([...new Set(stages)]).toEqual(['decoding', 'loading model', 'preparing', 'model', 'writing']);
    expect(view.sentences.length).toBeGreaterThan(2);
    expect(view.sentences.every(({ origin, evidence }) => origin === 'model' && evidence.length > 0)).toBe(true);
    expect(view.analysis?.gate.caveats.join(' ')).toContain('Not a film of a person');
    expect(view.analysis?.engine.provider).toBe('cpu');
    const packs = (await api['app.state']({})).packs;
    const listed = packs
      .find(({ task }) => task === 'findings')
      ?.labels.filter((label) => label.listed)
      .map((label) => label.id);
    expect(view.analysis?.findings.map((finding) => finding.label)).toEqual(listed);
    for (const finding of view.analysis?.findings ?? []) expect(finding.region !== null).toBe(finding.positive);
    expect((await api['study.list']({})).studies[0]?.state).toBe('ai-draft');
  });

  test('1.5 an edit is saved under its revision, a stale one is a conflict', async () => {
    const { api } = workstation;
    const view = await api['draft.open']({ study });
    if (!view?.analysis) throw new Error('no draft');
    const document = structuredClone(view.draft.document);
    document.sections
      .find(({ key }) => key === 'findings')
      ?.paragraphs.push([{ text: 'The trachea is midline.', source: null }]);
    const { revision, sentences } = await api['draft.save']({
      draft: view.draft.id,
      revision: view.draft.revision,
      document,
    });
    expect(revision).toBe(view.draft.revision + 1);
    expect(sentences.at(-1)?.section === 'impression' || sentences.some((s) => s.origin === 'human')).toBe(true);
    await expect(
      api['draft.save']({ draft: view.draft.id, revision: view.draft.revision, document }),
    ).rejects.toMatchObject({ code: 'conflict' });
    saved = JSON.stringify((await api['draft.open']({ study }))?.sentences);
    expect(saved).toContain('The trachea is midline.');
    const label = view.analysis.findings[0]?.label;
    if (!label) throw new Error('no finding');
    map = (await api['analysis.saliency']({ analysis: view.analysis.id, label })).bytes;
    expect((await api['draft.keep']({ draft: view.draft.id })).number).toBe(2);
    expect((await api['study.list']({})).studies[0]?.state).toBe('in-progress');
  });

  test('1.6 tomorrow: the same text, overlay and image, and no model runs', async () => {
    await workstation.close();
    workstation = await openStation(home, { startEngine: () => Promise.reject(new Error('no model may run')) });
    const { api } = workstation;
    const view = await api['draft.open']({ study });
    if (!view?.analysis) throw new Error('no draft');
    expect(JSON.stringify(view.sentences)).toBe(saved);
    const label = view.analysis.findings[0]?.label;
    if (!label) throw new Error('no finding');
    expect((await api['analysis.saliency']({ analysis: view.analysis.id, label })).bytes).toEqual(map);
    expect((await api['image.info']({ instance: view.analysis.instance, frame: 0 })).rows).toBeGreaterThan(1000);
    const versions = await api['draft.versions']({ draft: view.draft.id });
    expect(versions.map(({ kind }) => kind)).toEqual(['model', 'saved']);
    expect(JSON.stringify((await api['draft.version']({ draft: view.draft.id, number: 2 })).sentences)).toBe(saved);
  });

  test('1.7 everything that was written stands in an intact log, with its actor', async () => {
    const { api } = workstation;
    const rows = await api['audit.list']({});
    const events = rows.map(({ event }) => event);
    for (const event of ['instance.imported', 'analysis.added', 'draft.made', 'draft.saved', 'draft.kept'])
      expect(events).toContain(event);
    expect(rows.every(({ actor }) => actor !== '')).toBe(true);
    expect(await api['audit.verify']({})).toMatchObject({ intact: true, problem: '' });
  });
});

describe('2 what comes in', () => {
  let workstation: Station;
  beforeAll(async () => {
    workstation = await openStation(home, { dataFolder: path.join(home, 'second') });
  });
  afterAll(() => workstation.close());

  test('2.1 other bytes under the same UID are a conflict, and the first stays', async () => {
    const { api } = workstation;
    const bytes = await demoBytes();
    expect((await take(api, 'demo.dcm', bytes)).outcome).toBe('read');
    const changed = bytes.slice();
    changed[changed.length - 5] = (changed[changed.length - 5] ?? 0) ^ 1;
    expect(await take(api, 'demo.dcm', changed)).toMatchObject({ outcome: 'conflict' });
    expect((await api['study.list']({})).studies[0]?.instances).toBe(1);
  });

  test('2.2 a picture waits for a person’s word, then is a secondary capture; the same one again is there', async () => {
    const { api } = workstation;
    const png = new PNG({ width: 64, height: 80, colorType: 0, inputColorType: 0, bitDepth: 8 });
    png.data = Buffer.from(Array.from({ length: 64 * 80 }, (_, i) => i % 251));
    const bytes = new Uint8Array(PNG.sync.write(png, { colorType: 0, inputColorType: 0 }));
    const entry = await take(api, 'film.png', bytes);
    expect(entry.outcome).toBe('needs-confirmation');
    if (!entry.source) throw new Error('no source');
    const facts = {
      patientName: 'TEST^PICTURE',
      patientId: 'P1',
      patientSex: 'F',
      patientAgeYears: 60,
      shows: 'chest-pa',
    } as const;
    const taken = await api['import.picture']({ source: entry.source, facts });
    expect(taken.outcome).toBe('read');
    if (!taken.study) throw new Error('no study');
    const header = (await api['study.open']({ study: taken.study })).series[0]?.instances[0]?.header;
    expect(header).toMatchObject({ rows: 80, columns: 64, viewPosition: 'PA', bodyPart: 'CHEST', patientAgeYears: 60 });
    const again = await take(api, 'film.png', bytes);
    if (!again.source) throw new Error('no source');
    expect((await api['import.picture']({ source: again.source, facts })).outcome).toBe('already-here');
  });

  test('2.3 what is no image is refused by name, and nothing is stored', async () => {
    const { api } = workstation;
    const before = (await api['app.state']({})).studies;
    for (const bytes of [new Uint8Array(0), new TextEncoder().encode('hello'.repeat(100)), new Uint8Array(5000)]) {
      const entry = await take(api, 'x.dcm', bytes);
      expect(entry.outcome).toBe('refused');
      expect(entry.reason).toMatch(/expected/i);
    }
    expect((await api['app.state']({})).studies).toBe(before);
  });

  test('2.4 a browser names no paths', async () => {
    await expect(
      workstation.api['import.run']({ job: JobId.parse('p'), sources: [{ kind: 'path', path: '/etc/hostname' }] }),
    ).rejects.toMatchObject({ code: 'refused' });
  });

  test('2.5 a study without a frontal film gets a named refusal and no draft', async () => {
    const { api } = workstation;
    const [other] = (await api['study.list']({ text: 'TEST PICTURE' })).studies;
    if (!other) throw new Error('no study');
    const png = new PNG({ width: 32, height: 32, colorType: 0, inputColorType: 0, bitDepth: 8 });
    png.data = Buffer.alloc(32 * 32, 9);
    const entry = await take(api, 'hand.png', new Uint8Array(PNG.sync.write(png, { colorType: 0, inputColorType: 0 })));
    if (!entry.source) throw new Error('no source');
    const facts = { patientName: '', patientId: 'P2', patientSex: '', patientAgeYears: null, shows: 'other' } as const;
    const { study } = await api['import.picture']({ source: entry.source, facts });
    if (!study) throw new Error('no study');
    await expect(api['draft.make']({ job: JobId.parse('j'), study })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/modality/i) as string,
    });
    expect(await api['draft.open']({ study })).toBeNull();
    expect((await api['study.list']({ text: 'P2' })).studies[0]?.state).toBe('refused');
  });

  test('2.6 no string of the patient lies anywhere in the data folder', async () => {
    const { readdirSync } = await import('node:fs');
    const folder = path.join(home, 'second');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      const text = readFileSync(path.join(file.parentPath, file.name)).toString('latin1');
      expect([file.name, /TEST\^?PICTURE|PHANTOM/.test(text)]).toEqual([file.name, false]);
    }
  });
});
