/**
 * A program on a data folder that works until it is killed, and tells every answer that it got, one JSON a line:
 * `node tests/recordsChild.ts FOLDER ACTIVITY [MARK]`. What it told must be there afterwards.
 */
import { writeSync } from 'node:fs';
import path from 'node:path';
import { PNG } from 'pngjs';
import { openStore } from '#backend/db/store.ts';
import { PIECE_BYTES } from '#contract/calls.ts';
import type { ReportDocument } from '#core/report/report.ts';
import { StudyId } from '#core/study/ids.ts';
import { JobId } from '#core/study/ids.ts';
import { createSaver } from '../src/renderer/report/saver.ts';
import {
  ADMINISTRATOR,
  draftId,
  fill,
  goodReport,
  inStore,
  passwordOf,
  peopled,
  signedIn,
  signNow,
  stationIn,
  storeOptions,
  type Api,
  type Station,
  type Window,
} from './records.ts';

const [, , folder = '', activity = '', mark = ''] = process.argv;
const say = (what: object) => writeSync(1, `${JSON.stringify(what)}\n`);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const study = StudyId.parse('1.2.3');

/** A report that may be edited: a signed one is being corrected then. Answers with its revision. */
async function editable(api: Api): Promise<number> {
  let status = await api['report.status']({ draft: draftId });
  if (status.amending === 'addendum')
    status = await api['report.discard']({ draft: draftId, revision: status.revision, reason: 'cut off' });
  if (!status.acts.includes('edit'))
    status = await api['report.correct']({ draft: draftId, revision: status.revision, reason: 'one word more' });
  return status.revision;
}

async function type(api: Api): Promise<void> {
  let revision = await editable(api);
  const saver = createSaver<ReportDocument>({
    revision,
    savedAt: 0,
    same: (a, b) => JSON.stringify(a) === JSON.stringify(b),
    clock: {
      now: () => Date.now(),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    save: async (document, based) => {
      const saved = await api['draft.save']({ draft: draftId, revision: based, document });
      ({ revision } = saved);
      say({ saved: revision });
      return saved;
    },
    stored: () => Promise.reject(new Error('not asked for')),
    onState: () => undefined,
  });
  for (let text = mark; ; text += 'abcdefghijklmnopqrstuvwxyz '[text.length % 27] ?? 'x') {
    saver.edited(goodReport(text));
    say({ typed: text, at: Date.now() });
    await pause(20);
  }
}

async function sign(api: Api): Promise<void> {
  for (let n = 0; ; n++) {
    const revision = await editable(api);
    await api['draft.save']({ draft: draftId, revision, document: goodReport(`${mark} report ${n}.`) });
    let status = await signNow(api, 'reader');
    say({ signed: status.inForce?.number, sha256: status.inForce?.sha256 });
    status = await api['report.addendum']({ draft: draftId, revision: status.revision });
    await api['report.saveAddendum']({ draft: draftId, revision: status.revision, text: `${mark} addendum ${n}.` });
    status = await signNow(api, 'reader');
    say({ signed: status.inForce?.number, sha256: status.inForce?.sha256 });
  }
}

export function pictureOf(seed: number): Uint8Array<ArrayBuffer> {
  const png = new PNG({ width: 64, height: 80, colorType: 0, inputColorType: 0, bitDepth: 8 });
  png.data = Buffer.from(Array.from({ length: 64 * 80 }, (_, i) => (i * (seed % 97) + seed) % 251));
  return new Uint8Array(PNG.sync.write(png, { colorType: 0, inputColorType: 0 }));
}

export async function importPicture(api: Api, bytes: Uint8Array, who: { patientName: string; patientId: string }) {
  const { upload } = await api['upload.begin']({ name: 'picture.png', bytes: bytes.length });
  for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES)
    await api['upload.piece']({ upload, offset, bytes: bytes.slice(offset, offset + PIECE_BYTES) });
  return api['import.picture']({
    source: { kind: 'upload', upload },
    facts: { ...who, patientSex: 'F', patientAgeYears: 60, shows: 'chest-pa' },
  });
}

async function importing(api: Api): Promise<void> {
  for (let n = 0; ; n++) {
    const who = { patientName: `KILL^${mark}`, patientId: `${mark}-${n}` };
    const { instance } = await importPicture(api, pictureOf(n + [...mark].length * 1000), who);
    say({ imported: instance });
  }
}

async function backingUp(station: Station): Promise<void> {
  const { api } = await signedIn(station, ADMINISTRATOR);
  for (;;) say({ backup: (await api['backup.make']({ to: null })).name });
}

async function changingKeys(station: Station): Promise<void> {
  const { api } = await signedIn(station, ADMINISTRATOR);
  for (;;) say({ key: (await api['key.change']({ password: passwordOf(ADMINISTRATOR) })).changedAt });
}

async function restoring(station: Station): Promise<void> {
  for (;;) {
    const { api, close } = await signedIn(station, ADMINISTRATOR);
    const { name } = await api['backup.make']({ to: null });
    await api['backup.restore']({ name, password: passwordOf(ADMINISTRATOR) });
    say({ restored: name });
    close();
  }
}

/** What is written of a report besides its text: critical results, peer review, lists of reports. */
async function aroundTheReport(station: Station, { api }: Window, version: number): Promise<void> {
  const at = Date.now();
  const { id } = await api['critical.found']({
    study,
    draft: draftId,
    finding: `${mark} finding`,
    urgency: 'now',
    foundAt: at,
  });
  const told = { critical: id, reached: false, by: `${mark} reader`, to: `${mark} ward`, happenedAt: at };
  await api['critical.tell']({ ...told, how: 'telephone' });
  await api['critical.withdraw']({ critical: id, reason: `${mark} withdrawn` });
  await api['critical.list']({ open: false });
  await api['report.earlier']({ study });
  const auditor = await signedIn(station, 'auditor');
  const filter = { text: mark };
  await auditor.api['desk.list']({ filter });
  await auditor.api['desk.report']({ draft: draftId });
  await auditor.api['desk.export']({ what: 'list', filter });
  const given = await auditor.api['review.give']({ draft: draftId, version, score: 3, comment: `${mark} comment` });
  await api['review.answer']({ review: given.id, answer: `${mark} answer` });
  auditor.close();
}

/** What people keep beside the report: key images, phrases, words of their own, and what can be undone. */
async function besideTheReport({ api }: Window, revision: number): Promise<number> {
  const picture = { width: 64, height: 80, plain: pictureOf(5), marked: pictureOf(6) };
  const { id } = await api['keyImage.keep']({
    ...{ study, draft: draftId, caption: `${mark} caption`, overlay: `${mark} overlay` },
    ...picture,
  });
  for (const which of ['plain', 'marked'] as const) await api['keyImage.picture']({ id, which });
  const text = `${mark} phrase with ${mark} in it`;
  await api['phrase.save']({ id: null, shortcut: 'mine', name: `${mark} phrase`, text, when: {} });
  await api['word.add']({ word: mark });
  await api['word.remove']({ word: mark });
  await api['word.add']({ word: mark });
  await api['spelling.check']({ words: [mark, `${mark}x`] });
  await api['spelling.suggest']({ word: `${mark}x` });
  await api['report.output']({ draft: draftId, number: null, purpose: 'print' });
  const document = goodReport(`${mark} to be undone.`);
  return (await api['draft.save']({ draft: draftId, revision, document, undo: `${mark} undo` })).revision;
}

/** Every feature that touches a patient's data, once; then it waits. `mark` stands wherever a person may write. */
async function everything(station: Station): Promise<void> {
  const reader = await signedIn(station, 'reader');
  const { api } = reader;
  const taken = await importPicture(api, pictureOf(3), {
    patientName: `${mark}^Picture`,
    patientId: `${mark}-picture`,
  });
  await importPicture(api, pictureOf(3), { patientName: `${mark}^Picture`, patientId: `${mark}-picture` });
  if (taken.instance) {
    await api['image.preview']({ instance: taken.instance, frame: 0 });
    await api['image.info']({ instance: taken.instance, frame: 0 });
    await api['image.pixels']({ instance: taken.instance, frame: 0, offset: 0 });
  }
  for (const text of [mark, `${mark}-picture`, 'chest']) await api['study.list']({ text });
  await api['study.open']({ study });
  await api['draft.open']({ study });
  await api['draft.make']({ job: JobId.parse('j'), study }).catch(() => undefined);
  const { revision } = await api['report.status']({ draft: draftId });
  for (let n = 0; n < 30; n++)
    await api['draft.save']({ draft: draftId, revision: revision + n, document: goodReport(`${mark} typed ${n}.`) });
  await besideTheReport(reader, revision + 30);
  await api['draft.keep']({ draft: draftId });
  const verdict = { analysis: 'analysis-1', label: 'effusion', verdict: 'rejected', note: `${mark} note` } as const;
  await api['finding.judge'](verdict);
  const shown = await api['report.review']({ draft: draftId });
  await api['report.preliminary']({ draft: draftId, revision: shown.revision, sha256: shown.sha256 });
  let status = await signNow(api, 'reader');
  for (const purpose of ['print', 'export'] as const)
    await api['report.output']({ draft: draftId, number: status.inForce?.number ?? 0, purpose });
  status = await api['report.addendum']({ draft: draftId, revision: status.revision });
  await api['report.saveAddendum']({ draft: draftId, revision: status.revision, text: `${mark} addendum` });
  status = await signNow(api, 'reader');
  status = await api['report.correct']({ draft: draftId, revision: status.revision, reason: `${mark} reason` });
  await api['draft.save']({ draft: draftId, revision: status.revision, document: goodReport(`${mark} corrected.`) });
  status = await signNow(api, 'reader');
  await aroundTheReport(station, reader, status.inForce?.number ?? 0);
  // What fails is logged, without what it was about.
  await api['study.open']({ study: StudyId.parse(`${mark}.none`) }).catch(() => undefined);
  await api['session.signIn']({ login: mark.toLowerCase(), password: `${mark} password` }).catch(() => undefined);
  const auditor = await signedIn(station, 'auditor');
  await auditor.api['audit.verify']({});
  for (const format of ['csv', 'json', 'xml'] as const) await auditor.api['audit.export']({ format });
  const chief = await signedIn(station, ADMINISTRATOR);
  const { name } = await chief.api['backup.make']({ to: null });
  await chief.api['key.change']({ password: passwordOf(ADMINISTRATOR) });
  await chief.api['backup.restore']({ name, password: passwordOf(ADMINISTRATOR) });
  const again = await signedIn(station, 'reader');
  const document = goodReport(`${mark} typed at the last moment.`);
  await again.api['draft.save']({ draft: draftId, revision: await editable(again.api), document });
  await signedIn(station, ADMINISTRATOR).then(({ api: last }) => last['backup.make']({ to: null }));
  say({ done: true });
  await pause(60_000);
}

if (import.meta.main) {
  if (activity === 'prepare' || activity === 'everything') {
    const birthDate = '19481130';
    await inStore(folder, (store) =>
      fill(
        store,
        mark === ''
          ? {}
          : { name: `${mark}^Anna`, id: `${mark}-4711`, accession: `${mark}-ACC`, birthDate, ideographic: '山田太郎' },
      ),
    );
    const station = await peopled(await stationIn(folder));
    if (activity === 'prepare') await station.close();
    else await everything(station);
  } else if (activity === 'migrate') {
    say({ ready: true });
    const store = await openStore(storeOptions(path.resolve(folder)));
    say({ migrated: true });
    await pause(60_000);
    await store.close();
  } else {
    const station = await stationIn(folder);
    const { api } = await signedIn(station, 'reader');
    say({ ready: true });
    if (activity === 'type') await type(api);
    if (activity === 'sign') await sign(api);
    if (activity === 'import') await importing(api);
    if (activity === 'backup') await backingUp(station);
    if (activity === 'key') await changingKeys(station);
    if (activity === 'restore') await restoring(station);
  }
}
