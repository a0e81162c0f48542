/** `raddraft audit verify`: whether the log of a data folder is whole. The program that owns the folder must be closed. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { openStore } from '#backend/db/store.ts';
import { defaultDataFolder, layoutOf } from '#backend/files/dataFolder.ts';
import { defaultMachineKey } from '#backend/files/machineKey.ts';
import { AppError } from '#contract/errors.ts';

export async function auditCommand([action]: string[], values: { data?: string | undefined }): Promise<string> {
  if (action !== 'verify') throw new AppError('invalid-input', `Expected audit verify, found "${action ?? ''}".`);
  const dataFolder = values.data ?? defaultDataFolder(process.env, process.platform, homedir());
  // Opening a store makes one where there is none: that would prove nothing.
  if (!existsSync(layoutOf(dataFolder).database))
    throw new AppError(
      'not-found',
      `Expected a data folder of RadDraft, found none at ${dataFolder}. Name one with --data.`,
    );
  const store = await openStore({
    dataFolder,
    machineSecret: { kind: 'file', path: defaultMachineKey(process.env, process.platform, homedir()) },
    now: () => Date.now(),
    random: (bytes) => randomBytes(bytes),
    program: 'RadDraft (command line)',
  });
  try {
    const { rows, intact, problem } = await store.audit.verify();
    if (!intact) throw new AppError('refused', `The audit log of ${rows} rows is not whole: ${problem}`);
    return `The audit log is whole: ${rows} rows.\n`;
  } finally {
    await store.close();
  }
}
