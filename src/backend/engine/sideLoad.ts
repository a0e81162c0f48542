/**
 * CUDA's libraries, which do not ship: a folder that the hospital's IT fills, taken only when every file in it is the
 * one that its list of hashes names. Whoever can write there decides what the engine executes, so nobody else may.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';

/** As sha256sum(1) writes it. */
export const LIST = 'SHA256SUMS';

export type SideLoad =
  | { state: 'none'; folder: string }
  /** `list` is the SHA-256 of the list: it names exactly what was taken. */
  | { state: 'taken'; folder: string; files: string[]; list: string }
  /** `reason` names the file: the middle of a sentence. */
  | { state: 'refused'; folder: string; reason: string };

/** What onnxruntime's CUDA provider is and needs. `libcuda` is the driver's and comes with it, never from here. */
const LIBRARY = /^lib(onnxruntime_providers_(cuda|shared)|(?!cuda\.)cu[\w-]+|nv[\w-]+)\.so[\d.]*$/;
const NEEDED = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'];

class Refusal extends Error {}

/** Reads every byte of the folder; seconds for CUDA's two gigabytes. Never throws. */
export async function verifySideLoad(folder: string): Promise<SideLoad> {
  try {
    const there = await lstat(folder).catch(() => null);
    if (!there) return { state: 'none', folder };
    return await verified(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const reason = error instanceof Refusal ? error.message : `${folder} cannot be read (${code})`;
    return { state: 'refused', folder, reason };
  }
}

async function verified(given: string): Promise<SideLoad> {
  const folder = await realpath(given);
  await ownedWell(folder);
  const names = (await readdir(folder)).toSorted();
  if (!names.includes(LIST)) throw new Refusal(`${folder} has no ${LIST}; make it as docs/install.md says`);
  for (const name of names) await plainFile(folder, name);
  const text = await readFile(path.join(folder, LIST));
  const hashes = listed(text.toString('utf8'));
  const unlisted = names.find((name) => name !== LIST && !hashes.has(name));
  if (unlisted !== undefined) throw new Refusal(`${at(folder, unlisted)} is not in ${LIST}; take it away or list it`);
  for (const name of NEEDED) if (!hashes.has(name)) throw new Refusal(`${LIST} in ${folder} does not list ${name}`);
  for (const [name, hash] of hashes) {
    if (!names.includes(name)) throw new Refusal(`${at(folder, name)} is in ${LIST} and not there; copy it again`);
    if ((await sha256(path.join(folder, name))) !== hash)
      throw new Refusal(`${at(folder, name)} is not the file that ${LIST} names; copy it again`);
  }
  const list = createHash('sha256').update(text).digest('hex');
  return { state: 'taken', folder, files: [...hashes.keys()], list };
}

const at = (folder: string, name: string): string => `${name} in ${folder}`;

/** `<64 hexadecimal digits>  <name>`, or ` *<name>`, a line. */
function listed(text: string): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const line of text.split(/\r?\n/).filter((line) => line !== '')) {
    const [, hash, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (hash === undefined || name === undefined)
      throw new Refusal(`${LIST} has a line that is not "hash  name"; make it with sha256sum`);
    if (!LIBRARY.test(name)) throw new Refusal(`${name} in ${LIST} is no library of CUDA; take it away`);
    if (hashes.has(name)) throw new Refusal(`${name} is in ${LIST} twice`);
    hashes.set(name, hash);
  }
  return hashes;
}

async function plainFile(folder: string, name: string): Promise<void> {
  const stat = await lstat(path.join(folder, name));
  if (!stat.isFile()) throw new Refusal(`${at(folder, name)} is no plain file; copy what a link means (cp -L)`);
  mine(stat, at(folder, name));
}

/** Whoever may write into a folder above could put another in its place; a sticky one (/tmp) lets nobody. */
async function ownedWell(folder: string): Promise<void> {
  mine(await lstat(folder), folder);
  for (let above = path.dirname(folder); ; above = path.dirname(above)) {
    const { mode } = await lstat(above);
    if ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0)
      throw new Refusal(`${above} can be written by everybody; set its mode to 755`);
    if (above === path.dirname(above)) return;
  }
}

const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

function mine({ uid, mode }: { uid: number; mode: number }, what: string): void {
  if (uid !== 0 && uid !== process.getuid?.()) throw new Refusal(`${what} belongs to another user; give it to root`);
  if ((mode & OTHERS_WRITE) !== 0) throw new Refusal(`${what} can be written by everybody; set its mode to go-w`);
}

/** A quarter of a megabyte at a time, so that the loop is never held for long. */
async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 2 ** 18 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
