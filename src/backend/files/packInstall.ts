/** Takes a pack in: copied aside, its signature, hashes and self-test passed, and only then put where it is listed. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EngineChoice, PackState } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { Pack } from '#core/pack/pack.ts';
import { createEngine } from '../engine/engine.ts';
import type { StartEngine } from '../engine/start.ts';
import { syncFolder } from './atomic.ts';
import { NOT_USED, openPackStore, parsePack, SIGNATURE } from './packs.ts';
import { descriptionOf, type PackSource } from './packSource.ts';
import { readTrust, type Trust } from './packTrust.ts';

export interface InstallTo {
  /** Holds the installed packs, one folder each. */
  folder: string;
  trust: Trust;
  startEngine: StartEngine;
  choice: EngineChoice;
}

/** A pack's files together, in bytes. */
const MOST = 4 * 1024 * 1024 * 1024;
const INCOMING = '.incoming-';
const OLD = '.old-';

/** Of a data folder. */
export const installedPacks = (dataFolder: string): string => path.join(dataFolder, 'packs');

/** For `openPackStore`. Puts back what an interrupted installation had moved aside. */
export function installedPlace(dataFolder: string, development: boolean): { folder: string; trust: Trust } {
  const folder = installedPacks(dataFolder);
  if (existsSync(folder))
    for (const name of readdirSync(folder)) {
      const id = name.slice(OLD.length);
      if (name.startsWith(OLD) && !existsSync(path.join(folder, id)))
        renameSync(path.join(folder, name), path.join(folder, id));
      else if (name.startsWith(OLD) || name.startsWith(INCOMING))
        rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  return { folder, trust: readTrust(folder, development) };
}

/**
 * Answers with the state that the self-test left. AppError `refused` with the reason; whatever was installed before
 * then lies there untouched and goes on being used.
 */
export async function installPack(source: PackSource, to: InstallTo): Promise<PackState> {
  mkdirSync(to.folder, { recursive: true, mode: 0o700 });
  const aside = path.join(to.folder, `${INCOMING}${randomBytes(6).toString('hex')}`);
  try {
    const description = await descriptionOf(source);
    const pack = parsePack('The pack', description);
    await copyInto(path.join(aside, pack.id), source, pack, description);
    const state = await tested(aside, pack.id, to);
    putInPlace(path.join(aside, pack.id), to.folder, pack.id);
    return state;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** AppError `not-found` for what is not installed; a pack of the program itself cannot be removed. */
export function removePack(folder: string, id: string): void {
  const installed = path.join(folder, id);
  if (!/^[a-z][a-z0-9-]{1,63}$/.test(id) || !existsSync(installed))
    throw new AppError(
      'not-found',
      `Expected an installed pack, found none named "${id}". Packs of the program itself cannot be removed.`,
    );
  const going = path.join(folder, `${INCOMING}${randomBytes(6).toString('hex')}`);
  renameSync(installed, going);
  syncFolder(folder);
  rmSync(going, { recursive: true, force: true });
}

async function copyInto(folder: string, source: PackSource, pack: Pack, description: Uint8Array): Promise<void> {
  const whole = pack.files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (whole > MOST) throw new AppError('refused', `${pack.name}: expected at most ${MOST} bytes, found ${whole}.`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(folder, 'pack.json'), description, { mode: 0o600 });
  const signature = await source.read(SIGNATURE, 64 * 1024);
  if (signature) await writeFile(path.join(folder, SIGNATURE), signature, { mode: 0o600 });
  for (const { path: file, bytes } of pack.files) {
    const content = await source.read(file, bytes);
    if (!content) throw new AppError('refused', `${pack.name}: ${file} is missing. Get the pack again.`);
    const target = path.join(folder, ...file.split('/'));
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, content, { mode: 0o600, flush: true });
  }
}

/** In a process of its own, so that the engine that is at work is not disturbed. */
async function tested(aside: string, id: string, { trust, startEngine, choice }: InstallTo): Promise<PackState> {
  const packs = await openPackStore([{ folder: aside, trust }]);
  const refuse = (state: PackState | undefined): void => {
    if (state?.state === 'failed')
      throw new AppError('refused', `Not installed. ${state.reason.replace(NOT_USED, '.')}`);
  };
  refuse(packs.list()[0]);
  const engine = createEngine({ start: startEngine, packs, choice, onChange: () => undefined });
  try {
    const state = await engine.check(id);
    refuse(state);
    return state;
  } finally {
    engine.close();
  }
}

function putInPlace(incoming: string, folder: string, id: string): void {
  const target = path.join(folder, id);
  const old = path.join(folder, `${OLD}${id}`);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  try {
    renameSync(incoming, target);
  } catch (error) {
    if (existsSync(old)) renameSync(old, target);
    throw error;
  }
  syncFolder(folder);
  rmSync(old, { recursive: true, force: true });
}
