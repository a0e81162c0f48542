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
import { signerOf, type Signer, type Trust } from './packTrust.ts';

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
  /** Looks again at what lies in the folders. */
  reload(): Promise<void>;
}

/** A folder of packs. Without `trust` its packs are taken as they are: they are part of the program. */
export interface PackPlace {
  folder: string;
  trust: Trust;
}

interface Entry {
  folder: string;
  trust: Trust | null;
  state: PackState;
  stored: StoredPack | null;
}

/** The file that holds a pack's signature. */
export const SIGNATURE = 'SIGNATURE';

/** The largest `pack.json` that is read at all, in bytes. */
export const LARGEST_DESCRIPTION = 4 * 1024 * 1024;

/** Looks for `<folder>/<name>/pack.json`; of two packs with one id, the one in the earlier folder counts. */
export async function openPackStore(places: (string | PackPlace)[]): Promise<PackStore> {
  const entries = new Map<string, Entry>();
  const load = async (): Promise<void> => {
    const found = new Map<string, Entry>();
    for (const place of places) {
      const { folder: parent, trust } = typeof place === 'string' ? { folder: place, trust: null } : place;
      for (const folder of await packFolders(parent)) {
        const entry = await read(folder, trust);
        if (!found.has(entry.state.id)) found.set(entry.state.id, entry);
      }
    }
    entries.clear();
    for (const [id, entry] of found) entries.set(id, entry);
  };
  await load();
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
      const known = entryOf(id);
      const entry = await read(known.folder, known.trust);
      // A description that names another pack now, or none, leaves this one failed under its old name.
      entries.set(id, { ...entry, state: { ...entry.state, id } });
      return entryOf(id).state;
    },
    reload: load,
  };
}

async function packFolders(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  const found: string[] = [];
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue; // what an installation has not finished
    const folder = path.join(parent, name);
    const here = await lstat(path.join(folder, 'pack.json')).catch(() => null);
    if (here) found.push(folder);
  }
  return found;
}

async function read(folder: string, trust: Trust | null): Promise<Entry> {
  const name = path.basename(folder);
  let pack: Pack | null = null;
  let sha256 = '';
  let signer: Signer | null = null;
  const place = () => placeOf(trust, signer);
  try {
    const description = await insidePath(folder, 'pack.json');
    const { size } = await lstat(description);
    if (size > LARGEST_DESCRIPTION) throw refused(name, `pack.json has ${size} bytes`);
    const bytes = await readFile(description);
    sha256 = createHash('sha256').update(bytes).digest('hex');
    pack = parsePack(name, bytes);
    if (trust) signer = await whoSigned(folder, pack, bytes, trust);
    const problems = problemsOfPack(pack);
    if (problems.length > 0) throw refused(pack.name, problems.join('; '));
    for (const file of pack.files) await checkFile(folder, pack, file);
    return { folder, trust, state: { ...stateOf(pack, sha256, ''), ...place() }, stored: { pack, folder, sha256 } };
  } catch (error) {
    const reason = error instanceof AppError ? error.message : `${name}: the pack could not be read.`;
    const state = pack ? stateOf(pack, sha256, reason) : { ...nothingKnown, id: name, name, sha256, reason };
    return { folder, trust, state: { ...state, ...place() }, stored: null };
  }
}

async function whoSigned(folder: string, pack: Pack, bytes: Uint8Array, trust: Trust): Promise<Signer> {
  const there = await lstat(path.join(folder, SIGNATURE)).catch(() => null);
  const signature = there ? await readFile(await insidePath(folder, SIGNATURE)) : null;
  try {
    return signerOf(bytes, signature, trust);
  } catch (error) {
    throw error instanceof AppError ? refused(pack.name, error.message, error) : error;
  }
}

const placeOf = (
  trust: Trust | null,
  signer: Signer | null,
): Pick<PackState, 'installed' | 'signature' | 'signedBy'> =>
  trust
    ? { installed: true, signature: signer?.kind ?? 'none', signedBy: signer?.name ?? '' }
    : { installed: false, signature: 'program', signedBy: '' };

/** The newest form of `pack.json` that this program reads. */
const SCHEMA = 1;

function refuseNewer(name: string, description: unknown): void {
  const said = z.object({ schema: z.int() }).safeParse(description);
  if (said.success && said.data.schema > SCHEMA)
    throw new AppError(
      'refused',
      `${name}: expected a pack of form ${SCHEMA}, found form ${said.data.schema}: it was made for a newer RadDraft. Update the program, or ask for an older pack.`,
    );
}

/** AppError `refused`: no JSON, not as expected, or of a newer form. */
export function parsePack(name: string, bytes: Uint8Array): Pack {
  let description: unknown;
  try {
    description = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refused(name, 'pack.json is no valid JSON', cause);
  }
  refuseNewer(name, description);
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
export async function insidePath(folder: string, file: string): Promise<string> {
  const full = path.join(await realpath(folder), ...file.split('/'));
  if ((await realpath(full)) !== full) throw refused(path.basename(folder), `${file} is a link or lies behind one`);
  if (!(await lstat(full)).isFile()) throw refused(path.basename(folder), `${file} is not a file`);
  return full;
}

type Described = Omit<PackState, 'installed' | 'signature' | 'signedBy'>;

/** How the reason ends for a pack that is there; one that is being installed has no need of it. */
export const NOT_USED = '. The pack is not used; install it again.';

const refused = (name: string, problem: string, cause?: unknown) =>
  new AppError('refused', `${name}: ${problem}${NOT_USED}`, { cause });

const nothingKnown: Described = {
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
  masks: [],
  ratio: null,
};

const stateOf = (pack: Pack, sha256: string, reason: string): Described => ({
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
  masks: pack.masks,
  ratio: pack.ratio,
});
