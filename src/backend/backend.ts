/** The composition root: everything that the backend is made of is made here, once, and handed on as parameters. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { product, type AppState, type Product } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { Emit, Handlers, Port } from '#contract/protocol.ts';
import { serve } from '#contract/rpc.ts';
import { openStore } from './db/store.ts';
import { startImaging } from './dicom/imaging.ts';
import { createEngine } from './engine/engine.ts';
import { ownResources } from './engine/sideLoadPlace.ts';
import type { StartEngine } from './engine/start.ts';
import type { MachineSecret } from './files/keys.ts';
import { userName } from './files/lock.ts';
import { PASSWORD_COST, type PasswordCost } from './files/password.ts';
import { createLog } from './files/log.ts';
import { defaultMachineKey } from './files/machineKey.ts';
import { installedPlace } from './files/packInstall.ts';
import { openPackStore } from './files/packs.ts';
import { auditingCalls } from './services/auditing.ts';
import { caller } from './services/calling.ts';
import type { Services } from './services/context.ts';
import { criticalCalls } from './services/critical.ts';
import { keyImageCalls } from './services/keyImages.ts';
import { deskCalls } from './services/desk.ts';
import { draftingCalls } from './services/drafting.ts';
import { createFrames } from './services/frames.ts';
import { createJournal } from './services/journal.ts';
import { imageCalls } from './services/images.ts';
import { guarded, mayHear } from './services/guard.ts';
import { importCalls } from './services/importing.ts';
import { phraseCalls } from './services/phrases.ts';
import { readingCalls } from './services/reading.ts';
import { packCalls } from './services/packs.ts';
import { createPeople } from './services/people.ts';
import { createUploads } from './services/uploads.ts';
import { safekeepingCalls } from './services/safekeeping.ts';
import { createSessions, type Seat } from './services/sessions.ts';
import { signingCalls } from './services/signing.ts';
import { spellingCalls } from './services/spelling.ts';
import { viewingNotes } from './services/viewing.ts';
import { worklistCalls } from './services/worklist.ts';
import { workstationCalls } from './services/workstation.ts';
import { writingCalls } from './services/writing.ts';
import { startSpeller } from './spelling/speller.ts';

export interface BackendOptions {
  dataFolder: string;
  shell: AppState['shell'];
  /** Whether a window may import by naming a path (Electron); a browser hands files over. */
  allowsPaths: boolean;
  /** Paths given on the command line. */
  openAtStart: string[];
  machineSecret: { kind: 'file' } | { kind: 'os'; secret: Uint8Array; name: string };
  startEngine: StartEngine;
  /** Folders that hold packs, first come first. */
  packFolders: string[];
  /** What stretching a new password costs; each person's own is stored with them. Else `PASSWORD_COST`. */
  passwordCost?: PasswordCost;
  /** The clock, in milliseconds since 1970, UTC; else the machine's. */
  now?: () => number;
}

export interface Backend {
  /** Answers the product's calls on one more port: one for each window. */
  serve(port: Port): void;
  /** Starts the engine and self-tests the pack, so that the first draft does not wait. What fails shows as its state. */
  warm(): void;
  /** Lets go of everything; what was saved is on the disk. */
  close(): Promise<void>;
}

export async function createBackend(options: BackendOptions): Promise<Backend> {
  const now = options.now ?? (() => Date.now());
  const store = await openStore({
    dataFolder: options.dataFolder,
    machineSecret: machineSecret(options.machineSecret),
    now,
    random: (bytes) => randomBytes(bytes),
    program: `RadDraft (${options.shell})`,
  });
  const journal = createJournal(store);
  const localUser = userName();
  const newToken = () => randomBytes(32).toString('base64url');
  const sessions = createSessions({ store, journal, now, newToken, localUser });
  const windows = new Set<{ seat: Seat; emit: Emit<Product> }>();
  const broadcast: Emit<Product> = (name, payload) => {
    for (const { seat, emit } of windows) if (mayHear(name, seat, sessions)) emit(name, payload);
  };
  const log = createLog(store.folder.root, now);
  const packs = await openPackStore([installedPlace(store.folder.root, runsFromSource()), ...options.packFolders]);
  const engine = createEngine({
    start: options.startEngine,
    packs,
    choice: store.settings.get().engine,
    onChange: (state) => broadcast('engine.changed', state),
    onPacks: (states) => broadcast('packs.changed', states),
  });
  const imaging = startImaging();
  const speller = startSpeller();
  const services: Services = {
    store,
    imaging,
    engine,
    packs,
    journal,
    get actor() {
      const asking = caller();
      if (asking) return asking.actor;
      throw new AppError('internal', 'who acts is known only inside a call: ask services.actor there, keep it nowhere');
    },
    now,
    newId: () => randomUUID(),
    broadcast,
    allowsPaths: options.allowsPaths,
    openAtStart: options.openAtStart,
  };
  const frames = createFrames(services);
  const uploads = createUploads(services);
  const people = createPeople(services, sessions, options.passwordCost ?? PASSWORD_COST);
  const handlers: Handlers<Product> = {
    ...workstationCalls(services, { shell: options.shell, version: version() }),
    ...worklistCalls(services, frames),
    ...uploads.calls,
    ...importCalls(services, frames, uploads),
    ...imageCalls(frames),
    ...draftingCalls(services, frames),
    ...writingCalls(services),
    ...packCalls(services, uploads, { startEngine: options.startEngine, development: runsFromSource() }),
    ...readingCalls(services),
    ...people.calls,
    ...signingCalls(services, people),
    ...auditingCalls(services),
    ...deskCalls(services),
    ...criticalCalls(services),
    ...keyImageCalls(services),
    ...phraseCalls(services),
    ...spellingCalls(services, speller),
    ...safekeepingCalls(services, people, sessions),
  };
  const noteViewing = viewingNotes(store, journal, now);
  const clock = setInterval(() => sessions.tick(), 1000);
  clock.unref();
  return {
    serve(port) {
      const seat = sessions.seat((state) => emit('session.changed', state));
      const own = guarded(handlers, seat, sessions, noteViewing);
      const { emit } = serve(port, product, own, { onInternal: (error, call) => log.error(error, call) });
      const window = { seat, emit };
      windows.add(window);
      port.onClose(() => {
        windows.delete(window);
        sessions.leave(seat);
      });
    },
    warm() {
      const usable = packs.list().filter(({ state }) => state !== 'failed');
      for (const { id } of usable) void engine.check(id).catch(() => undefined);
    },
    async close() {
      clearInterval(clock);
      engine.close();
      await imaging.close();
      await speller.close();
      // While the data is being replaced nothing is written, the ends of sessions neither.
      await store.stopWork();
      sessions.close();
      journal.flush();
      await store.close();
    },
  };
}

/** `models/` of the program, whether it runs from source, from `dist/node` or packaged. */
export const ownPackFolder = (): string => path.join(ownResources(), 'models');

/** A released program has no sources beside it; what is for developers alone is then off. */
export const runsFromSource = (): boolean => existsSync(path.resolve(import.meta.dirname, '../../src/core'));

function machineSecret(wanted: BackendOptions['machineSecret']): MachineSecret {
  const file = defaultMachineKey(process.env, process.platform, homedir());
  return wanted.kind === 'file' ? { kind: 'file', path: file } : { ...wanted, keyFile: file };
}

/** The program's version. */
export function version(): string {
  const file = path.resolve(import.meta.dirname, '../../package.json');
  if (!existsSync(file)) return '';
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
