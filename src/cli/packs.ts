/** `raddraft packs …`: the model packs of this machine, listed, checked, taken in, taken out, signed, and whose are trusted. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { ownPackFolder, runsFromSource } from '#backend/backend.ts';
import { append, type AuditEntry } from '#backend/db/audit.ts';
import { openStore, type Store } from '#backend/db/store.ts';
import { createEngine } from '#backend/engine/engine.ts';
import { defaultDataFolder } from '#backend/files/dataFolder.ts';
import { userName } from '#backend/files/lock.ts';
import { defaultMachineKey } from '#backend/files/machineKey.ts';
import { installPack, installedPacks, installedPlace, removePack } from '#backend/files/packInstall.ts';
import { packSource } from '#backend/files/packSource.ts';
import { openPackStore, SIGNATURE, type PackPlace, type PackStore } from '#backend/files/packs.ts';
import { addTrust, allowUnsigned, signatureFile } from '#backend/files/packTrust.ts';
import type { PackState } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { startEngine } from './desktop.ts';

interface Values {
  pack?: string | undefined;
  data?: string | undefined;
}

export async function packsCommand([action = 'list', ...rest]: string[], values: Values): Promise<string> {
  const dataFolder = values.data ?? defaultDataFolder(process.env, process.platform, homedir());
  const one = (what: string): string => {
    const [word] = rest;
    if (word === undefined)
      throw new AppError('invalid-input', `Expected packs ${action} ${what}. See raddraft --help.`);
    return word;
  };
  switch (action) {
    case 'list':
      return (await storeOf(values, dataFolder)).list().map(line).join('');
    case 'verify':
    case 'self-test':
      return await check(await storeOf(values, dataFolder), rest[0]);
    case 'install':
      return await install(one('PATH'), dataFolder);
    case 'remove':
      return await remove(one('ID'), dataFolder);
    case 'trust':
      return await trust(one('PUBLICKEY [NAME]'), rest[1], dataFolder);
    case 'unsigned':
      return await unsigned(one('allow | refuse'), dataFolder);
    case 'sign':
      return await sign(one('FOLDER KEYFILE'), rest[1]);
    default:
      throw new AppError(
        'invalid-input',
        `Expected packs list, verify, self-test, install, remove, trust, unsigned or sign, found "${action}".`,
      );
  }
}

async function storeOf({ pack }: Values, dataFolder: string): Promise<PackStore> {
  const places: (string | PackPlace)[] = [ownPackFolder()];
  if (existsSync(installedPacks(dataFolder))) places.unshift(installedPlace(dataFolder, runsFromSource()));
  if (pack !== undefined) places.unshift(path.resolve(pack));
  return await openPackStore(places);
}

/** Hashes and self-tests every pack, or the one named. */
async function check(packs: PackStore, only: string | undefined): Promise<string> {
  const ids = packs.list().map(({ id }) => id);
  if (only !== undefined && !ids.includes(only))
    throw new AppError('not-found', `Expected a pack of this machine (${ids.join(', ')}), found none named "${only}".`);
  const engine = createEngine({ start: startEngine, packs, choice: 'auto', onChange: () => undefined });
  try {
    const states: PackState[] = [];
    for (const id of ids) if (only === undefined || id === only) states.push(await engine.check(id));
    const text = states.map(line).join('');
    if (states.some(({ state }) => state === 'failed')) throw new AppError('refused', text.trimEnd());
    return text;
  } finally {
    engine.close();
  }
}

async function install(at: string, dataFolder: string): Promise<string> {
  return await owning(dataFolder, async (note) => {
    const place = installedPlace(dataFolder, runsFromSource());
    const source = await packSource(path.resolve(at));
    const state = await installPack(source, { ...place, startEngine, choice: 'auto' });
    const { id, version, sha256, signature, signedBy } = state;
    note({ event: 'pack.installed', subject: id, detail: { version, sha256, signature, signedBy } });
    return `Installed. ${line(state)}`;
  });
}

const remove = (id: string, dataFolder: string): Promise<string> =>
  owning(dataFolder, async (note) => {
    removePack(installedPacks(dataFolder), id);
    note({ event: 'pack.removed', subject: id });
    return `Removed ${id}. A pack of the program itself by this name is used again.\n`;
  });

const trust = (key: string, name: string | undefined, dataFolder: string): Promise<string> =>
  owning(dataFolder, async (note) => {
    const { keys } = addTrust(installedPacks(dataFolder), name ?? 'site key', key);
    note({ event: 'pack.trusted', subject: key, detail: { name: name ?? 'site key' } });
    return `Trusted: ${keys.map((known) => `${known.name} (${known.key})`).join(', ')}.\n`;
  });

async function unsigned(word: string, dataFolder: string): Promise<string> {
  if (word !== 'allow' && word !== 'refuse')
    throw new AppError('invalid-input', `Expected packs unsigned allow or refuse, found "${word}".`);
  return await owning(dataFolder, async (note) => {
    allowUnsigned(installedPacks(dataFolder), word === 'allow');
    note({ event: 'pack.unsigned', subject: 'packs', detail: { allowed: word === 'allow' } });
    return word === 'allow'
      ? 'Unsigned packs may be installed: nobody vouches for them.\n'
      : 'Unsigned packs are refused.\n';
  });
}

/** Writes `SIGNATURE` beside `pack.json`. The private key stays where it is. */
async function sign(folder: string, keyFile: string | undefined): Promise<string> {
  if (keyFile === undefined)
    throw new AppError('invalid-input', 'Expected packs sign FOLDER KEYFILE (an Ed25519 private key in PEM).');
  const readable = async (file: string) =>
    await readFile(file).catch((cause: unknown) => {
      throw new AppError('not-found', `Expected ${path.basename(file)}, found no file that can be read.`, { cause });
    });
  const description = await readable(path.join(folder, 'pack.json'));
  await writeFile(path.join(folder, SIGNATURE), signatureFile(description, (await readable(keyFile)).toString('utf8')));
  return `Signed ${path.basename(path.resolve(folder))}.\n`;
}

/** With the data folder's lock held, so that no program that runs loses its packs; what is done is noted in its log. */
async function owning(
  dataFolder: string,
  work: (note: (entry: Pick<AuditEntry, 'event' | 'subject' | 'detail'>) => void) => Promise<string>,
): Promise<string> {
  const now = () => Date.now();
  const store: Store = await openStore({
    dataFolder,
    machineSecret: { kind: 'file', path: defaultMachineKey(process.env, process.platform, homedir()) },
    now,
    random: (bytes) => randomBytes(bytes),
    program: 'RadDraft (command line)',
  });
  try {
    return await work((entry) => store.write((write) => append(write, { at: now(), actor: userName(), ...entry })));
  } finally {
    await store.close();
  }
}

function line({ id, version, use, state, reason, engine, largestDifference, signature, signedBy }: PackState): string {
  const ran = engine ? `, ${engine.provider}, largest difference ${largestDifference?.toExponential(1) ?? ''}` : '';
  const by = {
    program: 'part of the program',
    site: `signed by ${signedBy}`,
    development: 'development key',
    none: 'unsigned',
  };
  return `${id} ${version} (${use}, ${by[signature]}): ${state}${ran}${reason ? `. ${reason}` : ''}\n`;
}
