/** Backups while everything runs, and putting one in the place of the data. */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Backup, SafekeepingStep } from '#contract/records.ts';
import { AppError } from '#contract/errors.ts';
import { readAuditHead, writeAuditHead } from '../files/auditHead.ts';
import {
  backupName,
  copyDurably,
  copyFiles,
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
import { recoverSwap, removeDatabase, swap } from '../files/swap.ts';
import { headOf, type Head } from './audit.ts';
import { appendTo } from './appendTo.ts';
import { handleOf } from './handles.ts';
import { copyDatabase, isSound } from './longWork.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase, versionOf } from './open.ts';
import type { Store } from './store.ts';

/** `tell`: what is being done, and how much of all; `signal` stops it. */
export interface Watched {
  signal?: AbortSignal | undefined;
  tell?: ((step: SafekeepingStep, done: number, total: number) => void) | undefined;
}

const tellOf = (tell: Watched['tell'], step: SafekeepingStep) => (done: number, total: number) =>
  tell?.(step, done, total);

/**
 * A consistent copy: the database as it is at one moment, then every image that it names (images never change and are
 * stored before they are named). `name` ends up as a folder in `to`. AppError `cancelled` leaves nothing behind.
 */
export async function makeBackup(
  store: Store,
  to: string,
  { images, name, signal, tell = () => undefined }: { images: boolean; name?: string } & Watched,
): Promise<Backup> {
  const { vault, folder } = store;
  const madeAt = vault.now();
  const finished = path.join(to, name ?? backupName(madeAt));
  if (existsSync(finished)) throw new AppError('conflict', 'A backup of this name is there already. Try again.');
  const at = layoutOf(`${finished}${PARTIAL}`);
  rmSync(at.root, { recursive: true, force: true });
  try {
    mkdirSync(at.root, { recursive: true, mode: 0o700 });
    const copying = { signal, onProgress: tellOf(tell, images ? 'copying the database' : 'keeping what is here') };
    await copyDatabase(folder.database, vault.keys().database, at.database, copying);
    copyFileSync(folder.keys, at.keys);
    const head = headIn(at.database, vault.keys().database);
    writeAuditHead(at.auditHead, vault.keys().auditHead, head);
    const names = images ? imageNames(folder.root) : [];
    await copyFiles(folder.root, at.root, names, { signal, onProgress: tellOf(tell, 'copying images') });
    const hashing = { signal, onProgress: images ? tellOf(tell, 'hashing every file') : undefined };
    return describe(await sealBackup(at.root, { madeAt, head, withImages: images }, hashing));
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

/** Why the data was not replaced, in words, where the disk is the reason. */
export function unreplaced(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code) || /^SQLITE_(FULL|IOERR_WRITE)/.test(code))
    return new AppError(
      'refused',
      'The disk of the data is full: nothing was changed. Free some space, then try again.',
      { cause: error },
    );
  if (
    ['EIO', 'ENXIO', 'ENODEV', 'ENOENT', 'EACCES', 'EPERM', 'EROFS'].includes(code) ||
    code.startsWith('SQLITE_IOERR')
  )
    return new AppError(
      'refused',
      `A disk could not be read or written to the end (${code}): nothing was changed. Check it, then try again.`,
      { cause: error },
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
  /** SHA-256 of its files, by their names. */
  hashes: ReadonlyMap<string, string>;
}

/**
 * AppError `refused` says what is wrong. The data key comes from this machine's secret, else from anybody's password
 * of that time: so a backup of another machine opens too. `images`: where those may lie that the backup leaves out.
 */
export async function checkBackup(
  folder: string,
  by: { machine: MachineSecret; password: string | null; random: Random; images: string | null },
  { signal, tell }: Watched = {},
): Promise<Sound> {
  const checking = { signal, onProgress: tellOf(tell, 'checking every file') };
  const { withImages, files } = await requireWhole(folder, checking);
  const from = layoutOf(folder);
  const file = readKeys(from.keys);
  const dataKey = await dataKeyFrom(file, by);
  const keys = derive(dataKey, file, '');
  const reading = { signal, onProgress: tellOf(tell, 'checking the database') };
  if (!(await isSound(from.database, keys.database, reading)))
    throw new AppError('refused', 'The database in the backup is damaged. Take another backup.');
  const database = openDatabase(from.database, keys.database, { readonly: true });
  try {
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
    const hashes = new Map(files.map(({ name, sha256 }) => [name, sha256]));
    return { from, keys, file: withMachine(file, dataKey, by.machine, by.random), head, hashes };
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
export async function stage(sound: Sound, folder: DataFolder, { signal, tell }: Watched = {}): Promise<void> {
  const { from, file, hashes } = sound;
  const wanted = imageNames(from.root).filter((name) => hashes.has(name) && !existsSync(path.join(folder.root, name)));
  await copyFiles(from.root, folder.root, wanted, { signal, hashes, onProgress: tellOf(tell, 'copying images') });
  removeDatabase(folder.next.database);
  await copyDurably(from.database, folder.next.database, hashes.get('raddraft.db'));
  await copyDurably(from.auditHead, folder.next.auditHead, hashes.get('audit-head.json'));
  writeKeys(folder.next.keys, file);
}

/**
 * In a running program. What was there is kept as a backup of its own, without images: those stay where they are.
 * `from`: the backup's folder. Stopped before the last step it leaves everything as it was.
 */
export async function restoreBackup(
  store: Store,
  from: string,
  by: { actor: string; password: string },
  watched: Watched = {},
): Promise<void> {
  const { folder, vault } = store;
  try {
    const opens = { machine: vault.machineSecret, password: by.password, random: vault.random };
    const sound = await checkBackup(from, { ...opens, images: folder.objects }, watched);
    await stage(sound, folder, watched);
    await vault.quietly(async () => {
      const name = `replaced-${backupName(vault.now())}`;
      const kept = await makeBackup(store, folder.backups, { images: false, name, ...watched });
      if (watched.signal?.aborted) {
        rmSync(path.join(folder.backups, kept.name), { recursive: true, force: true });
        throw new AppError('cancelled', 'It was stopped; nothing was changed.');
      }
      appendTo(folder.next.database, sound.keys.database, {
        at: vault.now(),
        actor: by.actor,
        event: 'backup.restored',
        subject: path.basename(from),
        detail: { rows: sound.head.seq, rowsBefore: kept.head.seq, headBefore: kept.head.hash, kept: kept.name },
      });
      vault.replace(() => swap(folder));
    });
  } catch (error) {
    // Nothing was replaced: what lies beside the data goes.
    recoverSwap(folder);
    throw unreplaced(error);
  }
}

/** Into a folder that holds no data yet, by no running program: another machine, or one whose disk was lost. */
export async function restoreInto(
  backup: string,
  dataFolder: string,
  by: { machine: MachineSecret; password: string | null; random: Random; at: number; actor: string },
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
  appendTo(folder.next.database, sound.keys.database, {
    ...{ at: by.at, actor: by.actor, event: 'backup.restored', subject: path.basename(backup) },
    detail: { rows: sound.head.seq, elsewhere: true },
  });
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
