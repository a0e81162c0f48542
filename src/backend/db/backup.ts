/** Backups while everything runs, and putting one in the place of the data. */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Backup } from '#contract/records.ts';
import { AppError } from '#contract/errors.ts';
import { readAuditHead, writeAuditHead } from '../files/auditHead.ts';
import {
  backupName,
  copyDurably,
  describe,
  imageNames,
  manifestOf,
  PARTIAL,
  requireWhole,
  sealBackup,
} from '../files/backupFolder.ts';
import { layoutOf, prepareDataFolder, type DataFolder } from '../files/dataFolder.ts';
import { dataKeyOf, derive, withMachine, type Keys, type MachineSecret, type Random } from '../files/keys.ts';
import { readKeys, writeKeys, type KeysFile } from '../files/keysFile.ts';
import { objectName } from '../files/objects.ts';
import { dataKeyByPassword } from '../files/personKeys.ts';
import { removeDatabase, swap } from '../files/swap.ts';
import { headOf, type Head } from './audit.ts';
import { appendTo } from './appendTo.ts';
import { handleOf } from './handles.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase, versionOf } from './open.ts';
import type { Store } from './store.ts';

/**
 * A consistent copy: the database as it is at one moment, then every image that it names (images never change and are
 * stored before they are named). `name` ends up as a folder in `to`. AppError `cancelled` leaves nothing behind.
 */
export async function makeBackup(
  store: Store,
  to: string,
  options: {
    images: boolean;
    name?: string;
    signal?: AbortSignal;
    /** How many images are copied, of how many. */
    onProgress?: (done: number, total: number) => void;
  },
): Promise<Backup> {
  const { vault, folder } = store;
  const madeAt = vault.now();
  const finished = path.join(to, options.name ?? backupName(madeAt));
  if (existsSync(finished)) throw new AppError('conflict', 'A backup of this name is there already. Try again.');
  const at = layoutOf(`${finished}${PARTIAL}`);
  rmSync(at.root, { recursive: true, force: true });
  try {
    mkdirSync(at.root, { recursive: true, mode: 0o700 });
    vault.snapshot(at.database);
    copyFileSync(folder.keys, at.keys);
    const head = headIn(at.database, vault.keys().database);
    writeAuditHead(at.auditHead, vault.keys().auditHead, head);
    const names = options.images ? imageNames(folder.root) : [];
    for (const [done, name] of names.entries()) {
      if (options.signal?.aborted) throw new AppError('cancelled', 'The backup was stopped; none was made.');
      options.onProgress?.(done, names.length);
      await copyDurably(path.join(folder.root, name), path.join(at.root, name));
    }
    return describe(await sealBackup(at.root, { madeAt, head, withImages: options.images }));
  } catch (error) {
    rmSync(at.root, { recursive: true, force: true });
    throw failed(error);
  }
}

function headIn(file: string, key: Uint8Array): Head {
  const copy = openDatabase(file, key, { readonly: true });
  try {
    return headOf(handleOf(copy));
  } finally {
    copy.close();
  }
}

function failed(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || code.startsWith('SQLITE_FULL'))
    return new AppError(
      'refused',
      'The disk for the backup is full: none was made. Free some space or name another one.',
    );
  if (['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'SQLITE_CANTOPEN'].includes(code))
    return new AppError(
      'refused',
      `Expected a folder that can be written, found one that cannot (${code}). Name another.`,
    );
  return error;
}

/** A backup whose every byte is what it was, and whose database opens with the keys that lie beside it. */
export interface Sound {
  from: DataFolder;
  keys: Keys;
  /** Its keys, with a copy of the data key for this machine. */
  file: KeysFile;
  head: Head;
}

/**
 * AppError `refused` says what is wrong. The data key comes from this machine's secret, else from anybody's password
 * of that time: so a backup of another machine opens too. `images`: where those may lie that the backup leaves out.
 */
export async function checkBackup(
  folder: string,
  by: { machine: MachineSecret; password: string | null; random: Random; images: string | null },
): Promise<Sound> {
  const { withImages } = await requireWhole(folder);
  const from = layoutOf(folder);
  const file = readKeys(from.keys);
  const dataKey = await dataKeyFrom(file, by);
  const keys = derive(dataKey, file, '');
  const database = openDatabase(from.database, keys.database, { readonly: true });
  try {
    if (database.pragma('quick_check', { simple: true }) !== 'ok')
      throw new AppError('refused', 'The database in the backup is damaged. Take another backup.');
    if (versionOf(database) > migrations.length)
      throw new AppError('refused', 'The backup was made by a newer RadDraft. Install that one.');
    const read = handleOf(database);
    const head = headOf(read);
    const outside = readAuditHead(from.auditHead, keys.auditHead);
    if (typeof outside === 'string' || outside.seq !== head.seq || outside.hash !== head.hash)
      throw new AppError('refused', "The backup's log does not end where its head says. Take another backup.");
    const images = withImages ? from.objects : (by.images ?? from.objects);
    for (const { sha256 } of read.all(z.object({ sha256: z.string() }), 'SELECT DISTINCT sha256 FROM instances'))
      if (!existsSync(path.join(images, objectName(keys.objectNames, sha256))))
        throw new AppError('refused', 'The backup lacks an image that it names. Take another backup.');
    return { from, keys, file: withMachine(file, dataKey, by.machine, by.random), head };
  } finally {
    database.close();
  }
}

async function dataKeyFrom(
  file: KeysFile,
  { machine, password }: { machine: MachineSecret; password: string | null },
): Promise<Uint8Array> {
  try {
    return dataKeyOf(file, machine);
  } catch (error) {
    if (password === null) throw error;
    return await dataKeyByPassword(file, password);
  }
}

/** Copies what a sound backup holds beside the data: `swap` then puts it in its place. Images are only added. */
export async function stage(sound: Sound, folder: DataFolder): Promise<void> {
  const { from, file } = sound;
  for (const name of imageNames(from.root)) {
    const place = path.join(folder.root, name);
    if (!existsSync(place)) await copyDurably(path.join(from.root, name), place);
  }
  removeDatabase(folder.next.database);
  await copyDurably(from.database, folder.next.database);
  await copyDurably(from.auditHead, folder.next.auditHead);
  writeKeys(folder.next.keys, file);
}

/** In a running program. What was there is kept as a backup of its own, without images: those stay where they are. */
export async function restoreBackup(
  store: Store,
  name: string,
  by: { actor: string; password: string },
): Promise<void> {
  const { folder, vault } = store;
  const from = path.join(folder.backups, path.basename(name));
  const sound = await checkBackup(from, {
    machine: vault.machineSecret,
    password: by.password,
    random: vault.random,
    images: folder.objects,
  });
  await stage(sound, folder);
  await vault.quietly(async () => {
    const name = `replaced-${backupName(vault.now())}`;
    const kept = await makeBackup(store, folder.backups, { images: false, name });
    appendTo(folder.next.database, sound.keys.database, {
      at: vault.now(),
      actor: by.actor,
      event: 'backup.restored',
      subject: path.basename(from),
      detail: { rows: sound.head.seq, rowsBefore: kept.head.seq, headBefore: kept.head.hash, kept: kept.name },
    });
    vault.replace(() => swap(folder));
  });
}

/** Into a folder that holds no data yet, by no running program: another machine, or one whose disk was lost. */
export async function restoreInto(
  backup: string,
  dataFolder: string,
  by: { machine: MachineSecret; password: string | null; random: Random },
): Promise<Head> {
  const { withImages } = manifestOf(backup);
  if (!withImages)
    throw new AppError(
      'refused',
      'This copy was made without images, before a restore. It can be restored only where it lies, by the program.',
    );
  if (existsSync(layoutOf(dataFolder).database))
    throw new AppError('refused', 'Expected a folder without data, found one with a database. Name another one.');
  const folder = prepareDataFolder(dataFolder);
  const sound = await checkBackup(backup, { ...by, images: null });
  await stage(sound, folder);
  removeDatabase(folder.database); // what lay beside one that was taken away
  swap(folder);
  return sound.head;
}

/** Makes this machine's key open a data folder that came from another one. AppError `refused` for a wrong password. */
export async function adoptFolder(
  dataFolder: string,
  by: { machine: MachineSecret; password: string; random: Random },
): Promise<void> {
  const { keys } = layoutOf(dataFolder);
  const file = readKeys(keys);
  const dataKey = await dataKeyByPassword(file, by.password);
  writeKeys(keys, withMachine(file, dataKey, by.machine, by.random));
}
