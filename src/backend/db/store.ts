/** The store: one data folder, its owner's lock, its keys, its database and its images, opened and closed together. */
import { existsSync } from 'node:fs';
import type { Settings } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { readAuditHead, writeAuditHead } from '../files/auditHead.ts';
import { prepareDataFolder, type DataFolder } from '../files/dataFolder.ts';
import { openKeys, type Keys, type MachineSecret, type Random } from '../files/keys.ts';
import { takeLock, userName } from '../files/lock.ts';
import { openObjects, type Objects } from '../files/objects.ts';
import { append, GENESIS, listAudit, verifyAudit, type Verdict } from './audit.ts';
import { anchorOf } from './anchor.ts';
import { handleOf, type Read, type Write } from './handles.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open.ts';
import { getSettings, setSettings } from './settings.ts';
import { writer } from './transaction.ts';

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
  objects: Objects;
  settings: { get(): Settings; set(change: Partial<Settings>, actor: string): Settings };
  audit: { list(limit: number): ReturnType<typeof listAudit>; verify(): Promise<Verdict> };
  /** How the data key is kept on this machine. */
  keyStoreName: string;
  folder: DataFolder;
  close(): Promise<void>;
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const folder = prepareDataFolder(options.dataFolder);
  const lock = takeLock(folder, options.program, options.now());
  const closing: (() => void)[] = [() => lock.release()];
  const closeAll = () => closeInReverse(closing.splice(0));
  try {
    const keys = keysOf(folder, options);
    const database = openDatabase(folder.database, keys.database);
    closing.push(() => database.close());
    const version = migrate(database, migrations, { folder: folder.backups, key: keys.database });
    const reader = openDatabase(folder.database, keys.database, { readonly: true });
    closing.push(() => reader.close());

    const read: Read = handleOf(reader);
    const anchor = anchorOf(folder.auditHead, keys.auditHead, read);
    const write = writer(database, anchor);
    closing.push(() => anchor.keep());
    if (version.from < version.to)
      write((inside) =>
        append(inside, {
          at: options.now(),
          actor: userName(),
          event: version.from === 0 ? 'database.made' : 'database.migrated',
          subject: 'database',
          detail: { from: version.from, to: version.to },
        }),
      );
    const objects = openObjects(folder.objects, keys, options.random);
    return {
      read,
      write,
      objects,
      settings: {
        get: () => getSettings(read),
        set: (change, actor) => write((inside) => setSettings(inside, change, { at: options.now(), actor })),
      },
      audit: {
        list: (limit) => listAudit(read, limit),
        verify: () => verifyAudit(read, readAuditHead(folder.auditHead, keys.auditHead)),
      },
      keyStoreName: keys.storeName,
      folder,
      close: async () => closeAll(),
    };
  } catch (error) {
    closeAll();
    throw error;
  }
}

/** Every step is taken, whatever the ones before it threw; the lock goes last. */
function closeInReverse(steps: (() => void)[]): void {
  const failures: unknown[] = [];
  for (const close of steps.reverse())
    try {
      close();
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
