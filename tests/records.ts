/** A backend with people, windows and one study whose report may be signed. No engine runs, and no test has to. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createBackend, type Backend, type BackendOptions } from '#backend/backend.ts';
import { addAnalysis } from '#backend/db/analyses.ts';
import { addDraft } from '#backend/db/drafts.ts';
import { addInstance } from '#backend/db/addInstance.ts';
import { openStore, type Store, type StoreOptions } from '#backend/db/store.ts';
import { product, type Product } from '#contract/calls.ts';
import { messagePort } from '#contract/ports/messagePort.ts';
import { connect, type Connection } from '#contract/rpc.ts';
import type { Role } from '#core/people/person.ts';
import type { ReportDocument } from '#core/report/report.ts';
import { DraftId } from '#core/study/ids.ts';
import { analysisOfFilm, draftOfFilm, film, random, type Sample } from './storeFilms.ts';

export const CHEAP = { N: 16, r: 1, p: 1 };
export const draftId = DraftId.parse('draft-1');

export type Api = Connection<Product>['api'];
export interface Window {
  api: Api;
  on: Connection<Product>['on'];
  close(): void;
}

export interface Station {
  folder: string;
  backend: Backend;
  /** Moves the clock on. */
  later(ms: number): void;
  window(): Window;
  /** Closes it and opens it again on the same folder. */
  again(): Promise<Station>;
  close(): Promise<void>;
}

export const storeOptions = (folder: string): StoreOptions => ({
  dataFolder: path.join(folder, 'data'),
  machineSecret: { kind: 'file', path: path.join(folder, 'config', 'machine.key') },
  now: () => Date.now(),
  random,
  program: 'the test',
});

/** Works on the closed data folder. */
export async function inStore<T>(folder: string, work: (store: Store) => T | Promise<T>): Promise<T> {
  const store = await openStore(storeOptions(folder));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What the film's file holds: nothing here looks into it. */
export const IMAGE = new Uint8Array(100_000).fill(7);

/** One film, analysed and drafted: pleural effusion is likely. */
export async function fill(store: Store, sample: Sample = {}): Promise<void> {
  const { sha256 } = await store.objects.put(IMAGE);
  const by = { importedAt: Date.now(), actor: 'maker', sha256 };
  store.write((write) => addInstance(write, film(sample), by));
  store.write((write) => {
    addAnalysis(write, { analysis: analysisOfFilm(), study: film(sample).study.id, maps: new Map(), actor: 'maker' });
    addDraft(write, { draft: draftOfFilm(), notUsed: [], replaces: null, actor: 'maker' });
  });
}

/** `atEnd` is given what closes it. */
export async function stationIn(
  folder: string,
  over: Partial<BackendOptions> = {},
  atEnd: (close: () => Promise<void>) => void = () => undefined,
): Promise<Station> {
  const keyFile = path.join(folder, 'config', 'machine.key');
  mkdirSync(path.dirname(keyFile), { recursive: true });
  process.env['RADDRAFT_KEY'] = keyFile;
  let ahead = 0;
  const backend = await createBackend({
    dataFolder: path.join(folder, 'data'),
    shell: 'test',
    allowsPaths: true,
    openAtStart: [],
    machineSecret: { kind: 'file' },
    startEngine: () => Promise.reject(new Error('no engine here')),
    packFolders: [],
    passwordCost: CHEAP,
    now: () => Date.now() + ahead,
    ...over,
  });
  let open = true;
  const lines: (() => void)[] = [];
  const close = async () => {
    for (const hangUp of lines.splice(0)) hangUp();
    if (open) await backend.close();
    open = false;
  };
  atEnd(close);
  return {
    folder,
    backend,
    later: (ms) => void (ahead += ms),
    window() {
      const { port1, port2 } = new MessageChannel();
      backend.serve(messagePort(port1));
      const { api, on } = connect(messagePort(port2), product);
      lines.push(() => port1.close());
      return { api, on, close: () => port1.close() };
    },
    async again() {
      await close();
      return stationIn(folder, over, atEnd);
    },
    close,
  };
}

export const passwordOf = (login: string): string => `seven green lamps of ${login.split('').reverse().join('')}`;
export const ADMINISTRATOR = 'chief';

/** The first account: an administrator who is no radiologist. */
export const makeAdministrator = (api: Api) =>
  api['people.first']({
    login: ADMINISTRATOR,
    name: 'Cordelia Chief',
    password: passwordOf(ADMINISTRATOR),
    radiologist: false,
    acceptWeakKeyStore: true,
  });

/** With a study, its draft, an administrator who is no radiologist, a radiologist and an auditor. */
export async function peopled(station: Station): Promise<Station> {
  const { api, close } = station.window();
  await makeAdministrator(api);
  await addPerson(api, station, 'reader', 'radiologist');
  await addPerson(api, station, 'auditor', 'auditor');
  close();
  return station;
}

/** Made by the administrator at `api`, who gives a first password; the person then chooses another. */
export async function addPerson(api: Api, station: Station, login: string, ...roles: Role[]): Promise<void> {
  const first = `the first word for ${login.toUpperCase()} 42`.split('').reverse().join('');
  await api['people.create']({ login, name: `Doctor ${login}`, roles, password: first });
  const own = station.window();
  await own.api['session.signIn']({ login, password: first });
  await own.api['people.changePassword']({ old: first, next: passwordOf(login) });
  own.close();
}

export async function signedIn(station: Station, login: string): Promise<Window> {
  const window = station.window();
  await window.api['session.signIn']({ login, password: passwordOf(login) });
  return window;
}

/** Text that no check has anything against. */
export const goodReport = (text = 'Small pleural effusion. No pneumothorax.'): ReportDocument => ({
  sections: [
    { key: 'findings', paragraphs: [[{ text, source: null }]] },
    { key: 'impression', paragraphs: [[{ text: 'Small pleural effusion.', source: null }]] },
  ],
});

/** Reads and signs what is there, giving a reason for whatever the checks say. Answers with the report's status. */
export async function signNow(api: Api, login: string) {
  const { revision, sha256, checks } = await api['report.review']({ draft: draftId });
  const overrides = checks.map(({ check }) => ({ check, reason: 'seen and meant' }));
  return api['report.sign']({ draft: draftId, revision, sha256, password: passwordOf(login), overrides });
}
