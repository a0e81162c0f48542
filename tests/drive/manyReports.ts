/**
 * A data folder with many stored reports: real films, made-up people, several readers, edits, versions of a pack,
 * drafts in two languages, overrides, peer review, critical results. `node tests/drive/manyReports.ts FOLDER [COUNT]`,
 * then `RADDRAFT_KEY=FOLDER/machine.key npm start -- --data FOLDER/data`.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { addAnalysis } from '#backend/db/analyses.ts';
import { addDraft } from '#backend/db/drafts.ts';
import { openStore } from '#backend/db/store.ts';
import { InstanceId, StudyId } from '#core/study/ids.ts';
import { mulberry32 } from '#core/phantom/random.ts';
import { addPerson, makeAdministrator, signedIn, stationIn, storeOptions, type Station } from '../records.ts';
import { shared } from '../shared.ts';
import { CheckId, CheckPolicy } from '#core/report/checks/check.ts';
import { personOf, scoredFilms } from './many/films.ts';
import { read } from './many/reading.ts';
import { makeAnalysis, versions } from './many/scores.ts';

export const readers = ['okafor', 'lindqvist', 'moreau'];
export const AUDITOR = 'auditor';

const DAY = 24 * 3_600_000;

export interface Wanted {
  count: number;
  /** How many days the reports are spread over; each is a morning. */
  mornings: number;
  seed: number;
  /** The last morning, milliseconds since 1970, UTC. */
  until: number;
}

/** Everybody's password is `passwordOf(login)`. Answers with the folder's clock after the last report. */
export async function makeReports(folder: string, wanted: Wanted): Promise<{ studies: StudyId[]; until: number }> {
  const { count, mornings, seed, until } = wanted;
  const random = mulberry32(seed);
  mkdirSync(folder, { recursive: true });
  let clock = until - mornings * 7 * DAY;
  const open = () => stationIn(folder, { now: () => clock });
  const first = await open();
  await people(first);
  await first.close();
  const studies: StudyId[] = [];
  const films = scoredFilms(count);
  for (let morning = 0; morning < mornings; morning++) {
    clock = Math.max(clock + 60_000, until - (mornings - 1 - morning) * 7 * DAY);
    const today = films.filter((_, at) => Math.floor((at * mornings) / films.length) === morning);
    const places = await importFilms(await open(), today, films.indexOf(today[0] ?? films[0] ?? never()));
    studies.push(...places.map(({ study }) => study));
    const store = await openStore({ ...storeOptions(folder), now: () => clock });
    for (const [at, { study, instance, rows, columns }] of places.entries()) {
      const film = today[at] ?? never();
      const pack =
        versions[Math.min(versions.length - 1, Math.floor((morning * versions.length) / mornings))] ?? never();
      clock += 20_000;
      const place = { study, instance, header: { rows, columns }, id: `r${studies.indexOf(study)}`, at: clock };
      const { analysis, maps, draft } = makeAnalysis(film, pack, place, random);
      store.write((write) => {
        addAnalysis(write, { analysis, study, maps, actor: 'night run' });
        addDraft(write, { draft, notUsed: [], replaces: null, actor: 'night run' });
      });
    }
    await store.close();
    const station = await open();
    const seats = await Promise.all(readers.map(async (login) => ({ login, ...(await signedIn(station, login)) })));
    for (const { study } of places) {
      const reader = seats[Math.floor(random() * seats.length)] ?? never();
      for (const { api } of seats) await api['session.touch']({});
      const step = (minutes: number) => void (clock += Math.round(minutes * 60_000));
      await read(reader, study, random, step, () => clock);
    }
    if (morning === mornings - 1) await reviewSome(station, random, () => (clock += 90_000));
    await station.close();
  }
  copyFileSync(path.join(folder, 'config', 'machine.key'), path.join(folder, 'machine.key'));
  return { studies, until: clock };
}

const never = (): never => {
  throw new RangeError('expected a film');
};

async function people(station: Station): Promise<void> {
  const { api, close } = station.window();
  await makeAdministrator(api);
  await api['security.set']({ idleMinutes: 120, sessionHours: 24 });
  // Texts are edited by chance here: every check may be signed over with a reason.
  await api['checks.setPolicy'](CheckPolicy.parse(Object.fromEntries(CheckId.options.map((check) => [check, 'warn']))));
  for (const login of readers) await addPerson(api, station, login, 'radiologist');
  await addPerson(api, station, AUDITOR, 'auditor');
  close();
}

async function importFilms(station: Station, films: ReturnType<typeof scoredFilms>, firstNumber: number) {
  const { api, close } = await signedIn(station, readers[0] ?? never());
  const places: { study: StudyId; instance: InstanceId; rows: number; columns: number }[] = [];
  for (const [at, film] of films.entries()) {
    const number = firstNumber + at;
    const entry = await api['import.picture']({
      source: { kind: 'path', path: shared('data', film.file) },
      facts: {
        patientName: personOf(number, film.sex),
        patientId: `EX-${String(number).padStart(4, '0')}`,
        patientSex: film.sex,
        patientAgeYears: film.age,
        shows: film.view === 'AP' ? 'chest-ap' : 'chest-pa',
      },
    });
    if (!entry.study || !entry.instance) throw new Error(`expected a film, found: ${entry.reason}`);
    const { rows, columns } = await api['image.info']({ instance: entry.instance, frame: 0 });
    places.push({ study: entry.study, instance: entry.instance, rows, columns });
  }
  close();
  await station.close();
  return places;
}

/** Two samples; half of the first is reviewed, and some readers have answered. */
async function reviewSome(station: Station, random: () => number, step: () => void): Promise<void> {
  const { api } = await signedIn(station, AUDITOR);
  const sample = await api['review.sample']({ kind: 'random', size: 10, seed: 'first week' });
  const items = await api['review.items']({ sample: sample.id });
  const comments = ['Agreed.', 'The effusion is on both sides.', 'A nodule in the right upper zone is not named.', ''];
  for (const { row, version } of items.slice(0, Math.ceil(items.length / 2))) {
    step();
    const score = ([1, 1, 1, 2, 2, 3, 4] as const)[Math.floor(random() * 7)] ?? 1;
    const comment = score === 1 ? 'Agreed.' : (comments[1 + Math.floor(random() * 2)] ?? '');
    await api['review.give']({ draft: row.draft, version, sample: sample.id, score, matters: score > 2, comment });
  }
  const [login = ''] = readers;
  const reader = await signedIn(station, login);
  const [mine] = await reader.api['review.mine']({});
  if (mine) await reader.api['review.answer']({ review: mine.review.id, answer: 'Seen, thank you.' });
}

if (process.argv[1] === import.meta.filename) {
  const [folder, count = '220'] = process.argv.slice(2);
  if (!folder) throw new Error('Expected a folder to make; found none. manyReports.ts FOLDER [COUNT]');
  const started = performance.now();
  await makeReports(folder, { count: Number(count), mornings: 12, seed: 7, until: Date.now() - 8 * 3_600_000 });
  process.stdout.write(`${count} reports in ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}
