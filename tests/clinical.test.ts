/** Rules that someone may act on, through the whole backend: whose film, which words, what is refused. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownPackFolder } from '#backend/backend.ts';
import { decodeFrame } from '#backend/dicom/decode.ts';
import { phantomFile, USUAL, type FilmForm, type FilmIds } from '#backend/dicom/phantomFile.ts';
import type { Orientation } from '#backend/dicom/phantomPlace.ts';
import { calls, type ImportEntry } from '#contract/calls.ts';
import { apply } from '#core/imaging/affine.ts';
import { bytesOf } from '#core/imaging/pixels.ts';
import { poseOf } from '#core/imaging/pose.ts';
import { Pack } from '#core/pack/pack.ts';
import { PLAIN, type PhantomSpec } from '#core/phantom/phantom.ts';
import { JobId, type InstanceId, type StudyId } from '#core/study/ids.ts';
import { openStation, take as takeFile, type Station } from './station.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-clinical-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The pack of the program, but so that every finding is flagged: words and regions are there to be wrong. */
const packs = path.join(home, 'packs');
cpSync(path.join(ownPackFolder(), 'chest-findings'), path.join(packs, 'chest-findings'), { recursive: true });
const description = path.join(packs, 'chest-findings', 'pack.json');
const own = Pack.parse(JSON.parse(readFileSync(description, 'utf8')));
const flagging: Pack = { ...own, labels: own.labels.map((label) => ({ ...label, threshold: 0 })) };
writeFileSync(description, JSON.stringify(flagging));

let station: Station;
beforeAll(async () => {
  station = await openStation(home, { packFolders: [packs] });
});
afterAll(() => station.close());

const take = (name: string, bytes: Uint8Array): Promise<ImportEntry> => takeFile(station.api, name, bytes);

let studies = 0;
const nextStudy = (): FilmIds => {
  const studyUid = `1.2.826.${++studies}`;
  return {
    studyUid,
    seriesUid: `${studyUid}.1`,
    instanceUid: `${studyUid}.1.1`,
    patient: `P${studies}`,
    now: '20260101120000',
  };
};
const sick = { effusion: { side: 'left' }, enlargedHeart: true } as const;
const film = (ids: FilmIds, form: Partial<FilmForm> = {}, spec: Partial<PhantomSpec> = {}) =>
  phantomFile({ ...PLAIN, rows: 320, columns: 300, seed: 3, ...spec }, { ...USUAL, ...form }, ids);

async function studyWith(...args: [form?: Partial<FilmForm>, spec?: Partial<PhantomSpec>]): Promise<StudyId> {
  const { study } = await take('film.dcm', film(nextStudy(), ...args));
  if (!study) throw new Error('the film was not taken in');
  return study;
}
const draft = (study: StudyId) => station.api['draft.make']({ job: JobId.parse(study), study });
const textOf = (view: Awaited<ReturnType<typeof draft>>) => view.sentences.map(({ text }) => text);

describe('1 whose film is this', () => {
  test('1.1 jobs that run at once, and one that ends while another study is edited, touch their own study only', async () => {
    const { api } = station;
    const [first, second] = [await studyWith({}, sick), await studyWith({}, { seed: 9 })];
    const [a, b] = await Promise.all([draft(first), draft(second)]);
    const filmOf = async (study: StudyId) => (await api['study.open']({ study })).series[0]?.instances[0]?.id;
    for (const [view, study] of [
      [a, first],
      [b, second],
    ] as const) {
      expect(view.draft.study).toBe(study);
      expect([view.draft.instance, view.analysis?.instance]).toEqual([await filmOf(study), await filmOf(study)]);
      expect((await api['draft.open']({ study }))?.draft.id).toBe(view.draft.id);
    }
    expect(a.analysis?.findings[0]?.probability).not.toBe(b.analysis?.findings[0]?.probability);

    const late = draft(first); // untouched yet: it may be made again
    const document = structuredClone(b.draft.document);
    document.sections[3]?.paragraphs.push([{ text: 'Typed meanwhile.', source: null }]);
    await api['draft.save']({ draft: b.draft.id, revision: 0, document });
    expect((await late).draft.study).toBe(first);
    const kept = await api['draft.open']({ study: second });
    expect([kept?.draft.id, kept?.draft.revision, kept?.draft.analysis]).toEqual([b.draft.id, 1, b.draft.analysis]);
    expect(kept?.sentences.map(({ text }) => text)).toContain('Typed meanwhile.');
  });

  test('1.2 a text that was changed while the model ran is not replaced', async () => {
    const { api } = station;
    const study = await studyWith();
    const before = await draft(study);
    const late = draft(study);
    const { document, id } = before.draft;
    await api['draft.save']({ draft: id, revision: 0, document: { sections: document.sections.toReversed() } });
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
    expect((await api['draft.open']({ study }))?.draft).toMatchObject({ id, revision: 1 });
    // Nor is one that a window asks for later, which does not know of it.
    await expect(draft(study)).rejects.toMatchObject({ code: 'conflict' });
    expect((await api['draft.open']({ study }))?.draft).toMatchObject({ id, revision: 1 });
  });

  test('1.3 other bytes under a UID leave pixels, header and draft as they were', async () => {
    const { api } = station;
    const ids = nextStudy();
    const { study, instance } = await take('a.dcm', film(ids));
    if (!study || !instance) throw new Error('the film was not taken in');
    const pixels = () => api['image.pixels']({ instance, frame: 0, offset: 0 });
    const before = [await pixels(), await draft(study)] as const;
    expect(await take('b.dcm', film(ids, { orientation: 'R\\F', view: 'AP' }, sick))).toMatchObject({
      outcome: 'conflict',
      reason: expect.stringMatching(/same SOPInstanceUID but other content/) as string,
    });
    expect(await pixels()).toEqual(before[0]);
    expect((await api['draft.open']({ study }))?.draft).toEqual(before[1].draft);
    const header = (await api['study.open']({ study })).series[0]?.instances[0]?.header;
    expect([header?.viewPosition, header?.patientOrientation]).toEqual(['PA', ['L', 'F']]);
  });

  test('1.4 PA and lateral with repeats: one draft, of a film that is named; the others with their reason', async () => {
    const { api } = station;
    const ids = nextStudy();
    const forms: Partial<FilmForm>[] = [{ view: 'LL' }, { view: 'AP' }, { view: 'PA' }, { intent: 'FOR PROCESSING' }];
    for (const [i, form] of forms.entries())
      expect((await take('f.dcm', film({ ...ids, instanceUid: `${ids.studyUid}.1.${i + 1}` }, form))).outcome).toBe(
        'read',
      );
    const [{ id: study } = { id: undefined }] = (await api['study.list']({ text: ids.patient })).studies;
    if (!study) throw new Error('no study');
    const view = await draft(study);
    expect(view.draft.instance).toBe(`${ids.studyUid}.1.3`);
    expect(view.sentences[0]?.evidence[0]).toMatchObject({ kind: 'film', instance: `${ids.studyUid}.1.3` });
    expect(Object.fromEntries(view.notUsed.map(({ instance, reason }) => [instance.slice(-1), reason]))).toEqual({
      1: expect.stringMatching(/found LL \(lateral\)/) as string,
      2: 'Another frontal film of this study was read.',
      4: expect.stringMatching(/FOR PROCESSING/) as string,
    });
  });

  test('1.5 the same file again heals a stored image that was damaged', async () => {
    const ids = nextStudy();
    const { instance } = await take('a.dcm', film(ids));
    if (!instance) throw new Error('the film was not taken in');
    await station.close();
    const folder = path.join(home, 'data', 'objects');
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) {
        const file = path.join(entry.parentPath, entry.name);
        const bytes = readFileSync(file);
        bytes[40] = (bytes[40] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      }
    station = await openStation(home, { packFolders: [packs] });
    const info = () => station.api['image.info']({ instance, frame: 0 });
    await expect(info()).rejects.toMatchObject({ code: 'refused' });
    expect((await take('a.dcm', film(ids))).outcome).toBe('already-here');
    expect((await info()).rows).toBe(320);
  });

  test('1.6 films asked for at once, with nothing decoded yet, come each as itself', async () => {
    const files = [3, 4, 5].map((seed) => film(nextStudy(), {}, { seed }));
    const taken: InstanceId[] = [];
    for (const bytes of files) {
      const { instance } = await take('f.dcm', bytes);
      if (instance) taken.push(instance);
    }
    await station.close();
    station = await openStation(home, { packFolders: [packs] });
    const asked = [...taken, ...taken.toReversed()];
    const pieces = await Promise.all(
      asked.map((instance) => station.api['image.pixels']({ instance, frame: 0, offset: 0 })),
    );
    const expected = await Promise.all(files.map(async (bytes) => bytesOf((await decodeFrame(bytes, 0)).data)));
    const order = [0, 1, 2, 2, 1, 0];
    expect(pieces.map(({ bytes }) => expected.findIndex((own) => Buffer.compare(own, bytes) === 0))).toEqual(order);
  });
});

describe('2 words', () => {
  test('2.1 one film, stored in any pose, gets the same words and regions; an empty orientation is said to be assumed', async () => {
    const read = async (orientation: Orientation | null) => {
      const study = await studyWith({ orientation }, sick);
      const view = await draft(study);
      const header = (await station.api['study.open']({ study })).series[0]?.instances[0]?.header;
      if (!header) throw new Error('no film');
      const { map } = poseOf(header).toPose(header.columns, header.rows);
      // A finding whose map is nowhere positive has no region; that must not depend on the pose either.
      const boxes = view.analysis?.findings.map(({ region }) => {
        if (!region) return [];
        const { x, y, width, height } = region.box;
        const corners = [apply(map, { x, y }), apply(map, { x: x + width, y: y + height })];
        return [Math.min(...corners.map((c) => c.x)), Math.min(...corners.map((c) => c.y))];
      });
      return { text: textOf(view), boxes: boxes ?? [] };
    };
    const usual = await read('L\\F');
    expect(usual.text.length).toBeGreaterThan(usual.boxes.length);
    expect(usual.boxes.flat().length).toBeGreaterThan(0);
    // Mirrored, turned by 180°, by 90°.
    for (const orientation of ['R\\F', 'R\\H', 'F\\R'] as const) {
      const { text, boxes } = await read(orientation);
      expect([orientation, ...text]).toEqual([orientation, ...usual.text]);
      expect(boxes.map((box) => box.length)).toEqual(usual.boxes.map((box) => box.length));
      for (const [i, place] of boxes.flat().entries()) expect(place).toBeCloseTo(usual.boxes.flat()[i] ?? NaN, 0);
    }
    const assumed = (await read(null)).text;
    expect(assumed.filter((text) => text.startsWith('Side assumed: '))).toHaveLength(1);
    expect(assumed.filter((text) => !text.startsWith('Side assumed: '))).toEqual(usual.text);
  });

  test('2.2 the display has no say: a draft is asked for by study alone', () =>
    expect(Object.keys(calls['draft.make'].input.shape)).toEqual(['job', 'study']));

  test('2.3 no side and no zone, whatever is flagged', async () => {
    for (const spec of [{}, sick, { nodule: { x: -60, y: -20, radius: 12 } }]) {
      const text = textOf(await draft(await studyWith({}, spec))).join('\n');
      expect(text).toMatch(/Pleural effusion/);
      expect(text).not.toMatch(/\b(left|right|bilateral|upper|lower|mid|middle|basal|apical|zone|lobe)\b/i);
    }
  });
});

describe('3 what is refused, by name, with a row in the log', () => {
  test.each<[string, Partial<FilmForm>, RegExp]>([
    ['3.1 a child', { patientAge: '017Y' }, /at least 18 years, found 17 years/],
    ['3.2 an infant', { patientAge: '005M' }, /found 5 months/],
    ['3.3 FOR PROCESSING', { intent: 'FOR PROCESSING' }, /raw detector data FOR PROCESSING/],
    ['3.4 a lateral', { view: 'LL' }, /found LL \(lateral\)/],
  ])('%s', async (_name, form, reason) => {
    const { api } = station;
    const study = await studyWith(form);
    await expect(draft(study)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(reason) as string,
    });
    expect(await api['draft.open']({ study })).toBeNull();
    const [row] = await api['audit.list']({ limit: 1 });
    expect(row).toMatchObject({ event: 'study.refused', subject: study });
    expect(row?.actor).not.toBe('');
  });

  test('3.5 a refusal of a damaged file quotes nothing of its patient', async () => {
    const whole = film({ ...nextStudy(), patient: 'SECRET-NUMBER' });
    for (const at of [140, 400, 700, 900, 1200, 2000, whole.length - 9]) {
      const { outcome, reason } = await take('x.dcm', whole.slice(0, at));
      expect([at, outcome]).toEqual([at, 'refused']);
      expect(reason).not.toMatch(/SECRET|PHANTOM/);
    }
    const lines = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('errors.log'),
    );
    for (const name of lines) expect(readFileSync(path.join(home, name), 'utf8')).not.toMatch(/SECRET|PHANTOM/);
  });
});
