/** The model packs on this machine: found, validated and hashed before anything of them is used. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { PackState } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { problemsOfPack } from '#core/pack/check.ts';
import { Pack } from '#core/pack/pack.ts';

export interface StoredPack {
  pack: Pack;
  folder: string;
  /** Of `pack.json`, which names the hash of everything else. */
  sha256: string;
}

export interface PackStore {
  /** State `failed` with the reason, or `unchecked`: whether it runs, only the engine can tell. */
  list(): PackState[];
  /** AppError `not-found`, or `refused` with the reason for a pack that failed. */
  get(id: string): StoredPack;
  /** The text of CARD.md. */
  card(id: string): Promise<string>;
  /** Reads and hashes the pack's files again. */
  verify(id: string): Promise<PackState>;
}

interface Entry {
  folder: string;
  state: PackState;
  stored: StoredPack | null;
}

/** The largest `pack.json` that is read at all, in bytes. */
const LARGEST_DESCRIPTION = 4 * 1024 * 1024;

/** Looks for `<folder>/<name>/pack.json`; of two packs with one id, the one in the earlier folder counts. */
export async function openPackStore(folders: string[]): Promise<PackStore> {
  const entries = new Map<string, Entry>();
  for (const parent of folders)
    for (const folder of await packFolders(parent)) {
      const entry = await read(folder);
      if (!entries.has(entry.state.id)) entries.set(entry.state.id, entry);
    }
  const entryOf = (id: string): Entry => {
    const entry = entries.get(id);
    if (!entry) throw new AppError('not-found', `expected an installed model pack, found none named "${id}"`);
    return entry;
  };
  const get = (id: string): StoredPack => {
    const { stored, state } = entryOf(id);
    if (!stored) throw new AppError('refused', state.reason);
    return stored;
  };
  return {
    list: () => [...entries.values()].map(({ state }) => state),
    get,
    card: (id) => readFile(path.join(get(id).folder, 'CARD.md'), 'utf8'),
    async verify(id) {
      const entry = await read(entryOf(id).folder);
      // A description that names another pack now, or none, leaves this one failed under its old name.
      entries.set(id, { ...entry, state: { ...entry.state, id } });
      return entryOf(id).state;
    },
  };
}

async function packFolders(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  const found: string[] = [];
  for (const name of names.sort()) {
    const folder = path.join(parent, name);
    const here = await lstat(path.join(folder, 'pack.json')).catch(() => null);
    if (here) found.push(folder);
  }
  return found;
}

async function read(folder: string): Promise<Entry> {
  const name = path.basename(folder);
  let pack: Pack | null = null;
  let sha256 = '';
  try {
    const description = await insidePath(folder, 'pack.json');
    const { size } = await lstat(description);
    if (size > LARGEST_DESCRIPTION) throw refused(name, `pack.json has ${size} bytes`);
    const bytes = await readFile(description);
    sha256 = createHash('sha256').update(bytes).digest('hex');
    pack = parse(name, bytes);
    const problems = problemsOfPack(pack);
    if (problems.length > 0) throw refused(pack.name, problems.join('; '));
    for (const file of pack.files) await checkFile(folder, pack, file);
    return { folder, state: stateOf(pack, sha256, ''), stored: { pack, folder, sha256 } };
  } catch (error) {
    const reason = error instanceof AppError ? error.message : `${name}: the pack could not be read.`;
    const state = pack ? stateOf(pack, sha256, reason) : { ...nothingKnown, id: name, name, sha256, reason };
    return { folder, state, stored: null };
  }
}

function parse(name: string, bytes: Uint8Array): Pack {
  let description: unknown;
  try {
    description = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refused(name, 'pack.json is no valid JSON', cause);
  }
  const pack = Pack.safeParse(description);
  if (!pack.success) throw refused(name, `pack.json is not as expected: ${z.prettifyError(pack.error)}`);
  return pack.data;
}

async function checkFile(folder: string, pack: Pack, file: Pack['files'][number]): Promise<void> {
  const full = await insidePath(folder, file.path).catch((error: unknown) => {
    if (error instanceof AppError) throw error;
    throw refused(pack.name, `${file.path} is missing`, error);
  });
  const { size } = await lstat(full);
  if (size !== file.bytes) throw refused(pack.name, `expected ${file.path} with ${file.bytes} bytes, found ${size}`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(full), hash);
  if (hash.digest('hex') !== file.sha256)
    throw refused(pack.name, `the contents of ${file.path} are not the ones that pack.json lists`);
}

/** The file's full path; a link anywhere below the pack's folder is refused, since it may lead out of it. */
async function insidePath(folder: string, file: string): Promise<string> {
  const full = path.join(await realpath(folder), ...file.split('/'));
  if ((await realpath(full)) !== full) throw refused(path.basename(folder), `${file} is a link or lies behind one`);
  if (!(await lstat(full)).isFile()) throw refused(path.basename(folder), `${file} is not a file`);
  return full;
}

const refused = (name: string, problem: string, cause?: unknown) =>
  new AppError('refused', `${name}: ${problem}. The pack is not used; install it again.`, { cause });

const nothingKnown: PackState = {
  id: '',
  version: '',
  name: '',
  summary: '',
  task: '',
  use: '',
  sha256: '',
  modalities: [],
  state: 'failed',
  reason: '',
  engine: null,
  largestDifference: null,
  labels: [],
  gate: null,
};

const stateOf = (pack: Pack, sha256: string, reason: string): PackState => ({
  id: pack.id,
  version: pack.version,
  name: pack.name,
  summary: pack.summary,
  task: pack.task,
  use: pack.use,
  sha256,
  modalities: pack.accepts.modalities,
  state: reason === '' ? 'unchecked' : 'failed',
  reason,
  engine: null,
  largestDifference: null,
  labels: pack.labels,
  gate: pack.gate,
});
