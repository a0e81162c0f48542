/** The store: one data folder, its owner's lock, its keys, its database and its images, opened and closed together. */
import { existsSync } from 'node:fs';
import type { Settings } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { readAuditHead, writeAuditHead } from '../files/auditHead.ts';
import { removeUnfinished } from '../files/backupFolder.ts';
import { prepareDataFolder, type DataFolder } from '../files/dataFolder.ts';
import { machineMark, openKeys, type Keys, type MachineSecret, type Random } from '../files/keys.ts';
import { takeLock, userName } from '../files/lock.ts';
import { openObjects, type Objects } from '../files/objects.ts';
import { recoverSwap } from '../files/swap.ts';
import { append, auditAfter, GENESIS, headOf, listAudit, type AuditQuery, type Head } from './audit.ts';
import { anchorOf } from './anchor.ts';
import { handleOf, type Read, type Write } from './handles.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open.ts';
import { getSettings, setSettings } from './settings.ts';
import { writer } from './transaction.ts';
import { verifyAudit, type Verdict } from './verifyAudit.ts';

export interface StoreOptions {
  dataFolder: string;
  machineSecret: MachineSecret;
  /** Milliseconds since 1970, UTC. */
  now: () => number;
  random: Random;
  /** For people, when another program finds the folder taken: `RadDraft (desktop)`. */
  program: string;
}

export interface Store {
  read: Read;
  /** One immediate transaction. Synchronous: what `run` answers is durable when this returns. */
  write<T>(run: (write: Write) => T): T;
  /** Rows of the log that wait are taken along by every write, ahead of its own; `kept` is told once they are durable. */
  takeAlong(waiting: { write(write: Write): void; kept(): void }): void;
  objects: Objects;
  settings: { get(): Settings; set(change: Partial<Settings>, actor: string): Settings };
  audit: {
    /** The newest first. */
    list(query: AuditQuery): ReturnType<typeof listAudit>;
    /** The oldest first. */
    after(seq: number, limit: number): ReturnType<typeof auditAfter>;
    head(): Head;
    /** `kept`: heads that people keep, which the log must still contain. */
    verify(kept?: readonly Head[]): Promise<Verdict>;
  };
  /** How the data key is kept on this machine. */
  keyStoreName: string;
  /** Any program of this user can read the machine's secret. */
  keyStoreWeak: boolean;
  /** This machine's secret, by a mark that no other machine's has: what was accepted there holds there. */
  readonly keyStoreMark: string;
  folder: DataFolder;
  vault: Vault;
  /** Stops long work on the folder and waits for its end: the program is closing. */
  stopWork(): Promise<void>;
  close(): Promise<void>;
}

/** What changing the data key, backing up and restoring need, and nobody else. */
export interface Vault extends Pick<StoreOptions, 'machineSecret' | 'random' | 'now'> {
  keys(): Keys;
  /** Closes database and images, runs `step`, opens what is there then: nothing else runs meanwhile. */
  replace(step: () => void): void;
  /** Long work on the folder: closing stops it by its signal and waits for its end, before others may have the folder. */
  during<T>(work: (ending: AbortSignal) => Promise<T>): Promise<T>;
  /** Nothing is written until `work` is done: every write meanwhile is refused with `busy`. */
  quietly<T>(work: () => Promise<T>): Promise<T>;
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const folder = prepareDataFolder(options.dataFolder);
  const lock = takeLock(folder, options.program, options.now());
  let waiting: Parameters<Store['takeAlong']>[0] | null = null;
  const first = (inside: Write) => waiting?.write(inside);
  let open: Connection;
  try {
    recoverSwap(folder);
    removeUnfinished(folder.backups);
    open = connect(folder, options, first);
  } catch (error) {
    lock.release();
    throw error;
  }
  let quiet = false;
  const ending = new AbortController();
  const underway = new Set<Promise<unknown>>();
  async function stopWork(): Promise<void> {
    ending.abort();
    await Promise.allSettled(underway);
  }
  const write: Store['write'] = (run) => {
    if (quiet) throw new AppError('busy', 'The data is being replaced. Try again in a moment; what you typed is kept.');
    const result = open.write(run);
    waiting?.kept();
    return result;
  };
  const read: Read = {
    get: (row, sql, ...values) => open.read.get(row, sql, ...values),
    all: (row, sql, ...values) => open.read.all(row, sql, ...values),
    plain: (sql, ...values) => open.read.plain(sql, ...values),
  };
  return {
    read,
    write,
    takeAlong: (rows) => void (waiting = rows),
    get objects() {
      return open.objects;
    },
    settings: {
      get: () => getSettings(read),
      set: (change, actor) => write((inside) => setSettings(inside, change, { at: options.now(), actor })),
    },
    audit: {
      list: (query) => listAudit(read, query),
      after: (seq, limit) => auditAfter(read, seq, limit),
      head: () => headOf(read),
      verify: (kept) => verifyAudit(read, readAuditHead(folder.auditHead, open.keys.auditHead), kept),
    },
    keyStoreName: open.keys.storeName,
    keyStoreWeak: options.machineSecret.kind === 'file',
    get keyStoreMark() {
      return machineMark(folder.keys, options.machineSecret.kind);
    },
    folder,
    vault: {
      ...options,
      keys: () => open.keys,
      replace(step) {
        if (ending.signal.aborted) throw new AppError('closed', 'the program is closing');
        open.close('for good');
        try {
          step();
        } finally {
          recoverSwap(folder);
          open = connect(folder, options, first);
        }
      },
      async during(work) {
        const running = work(ending.signal);
        underway.add(running);
        try {
          return await running;
        } finally {
          underway.delete(running);
        }
      },
      async quietly(work) {
        quiet = true;
        try {
          return await work();
        } finally {
          quiet = false;
        }
      },
    },
    stopWork,
    close: async () => {
      await stopWork();
      inTurn([() => open.close(), () => lock.release()]);
    },
  };
}

interface Connection {
  keys: Keys;
  read: Read;
  write: Store['write'];
  objects: Objects;
  /** `for good`: no write-ahead log stays beside the database. */
  close(how?: 'for good'): void;
}

function connect(folder: DataFolder, options: StoreOptions, first: (write: Write) => void): Connection {
  const closing: (() => void)[] = [];
  try {
    const keys = keysOf(folder, options);
    const database = openDatabase(folder.database, keys.database);
    closing.unshift(() => database.close());
    const version = migrate(database, migrations, { folder: folder.backups, key: keys.database }, ({ from, to }) =>
      append(handleOf(database), {
        at: options.now(),
        actor: userName(),
        event: from === 0 ? 'database.made' : 'database.migrated',
        subject: 'database',
        detail: { from, to },
      }),
    );
    const reader = openDatabase(folder.database, keys.database, { readonly: true });
    closing.unshift(() => reader.close());
    const read = handleOf(reader);
    const anchor = anchorOf(folder.auditHead, keys.auditHead, read);
    const write = writer(database, anchor, first);
    closing.unshift(() => anchor.keep());
    if (version.from < version.to) anchor.keep();
    return {
      keys,
      read,
      write,
      objects: openObjects(folder.objects, keys, options.random),
      close(how) {
        const [keep = () => undefined, ...others] = closing.splice(0);
        const forGood = () => {
          reader.close();
          database.pragma('journal_mode = DELETE');
        };
        inTurn([keep, ...(how === 'for good' ? [forGood] : []), ...others]);
      },
    };
  } catch (error) {
    inTurn(closing);
    throw error;
  }
}

/** Every step is taken, whatever the ones before it threw. */
function inTurn(steps: (() => void)[]): void {
  const failures: unknown[] = [];
  for (const step of steps)
    try {
      step();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
}

/** A fresh folder gets keys, then an audit head of zero rows, then a database: each step alone may be repeated. */
function keysOf(folder: DataFolder, { machineSecret, random }: StoreOptions): Keys {
  const made = existsSync(folder.database);
  const keys = openKeys(folder.keys, machineSecret, random, !made && !existsSync(folder.auditHead));
  if (made) return keys;
  if (!existsSync(folder.auditHead)) writeAuditHead(folder.auditHead, keys.auditHead, GENESIS);
  const head = readAuditHead(folder.auditHead, keys.auditHead);
  if (typeof head === 'string' || head.seq > 0)
    throw new AppError(
      'not-found',
      'Expected the database in the data folder, found none, though there was one. Restore raddraft.db from a backup.',
    );
  return keys;
}
