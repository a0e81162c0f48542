/** A data folder as the command line opens it: by the machine's key file, while no other program has it. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '#backend/db/store.ts';
import { defaultDataFolder, layoutOf } from '#backend/files/dataFolder.ts';
import type { MachineSecret } from '#backend/files/keys.ts';
import { defaultMachineKey } from '#backend/files/machineKey.ts';
import { AppError } from '#contract/errors.ts';
import { lineOfDesktop, machineSecret } from './desktop.ts';

export const dataFolderOf = (data: string | undefined): string =>
  path.resolve(data ?? defaultDataFolder(process.env, process.platform, homedir()));

/** The operating system's store where the desktop program runs this, else the key file. */
export function machineOf(): MachineSecret {
  const file = defaultMachineKey(process.env, process.platform, homedir());
  const told = machineSecret();
  return told?.kind === 'os' ? { ...told, keyFile: file } : { kind: 'file', path: file };
}

export const random = (bytes: number): Uint8Array => randomBytes(bytes);

/** Opening a store makes one where there is none: that would prove nothing. AppError `not-found`. */
export async function withStore<T>(data: string | undefined, work: (store: Store) => Promise<T>): Promise<T> {
  const dataFolder = dataFolderOf(data);
  if (!existsSync(layoutOf(dataFolder).database))
    throw new AppError(
      'not-found',
      `Expected a data folder of RadDraft, found none at ${dataFolder}. Name one with --data.`,
    );
  const store = await openStore({
    dataFolder,
    machineSecret: machineOf(),
    now: () => Date.now(),
    random,
    program: 'RadDraft (command line)',
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** One line of standard input: never an argument, which every program on the machine can see. */
export async function passwordFromInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password (it will be shown): ');
  let text = (await lineOfDesktop()) ?? '';
  if (text === '')
    for await (const piece of process.stdin) {
      text += String(piece);
      if (text.includes('\n')) break;
    }
  const [line = ''] = text.split(/\r?\n/);
  if (line === '') throw new AppError('invalid-input', 'Expected a password on standard input, found none.');
  return line;
}
