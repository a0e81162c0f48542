/** `raddraft audit verify`: whether the log of a data folder is whole. The program that owns the folder must be closed. */
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { openStore } from '#backend/db/store.ts';
import { defaultDataFolder } from '#backend/files/dataFolder.ts';
import { defaultMachineKey } from '#backend/files/machineKey.ts';
import { AppError } from '#contract/errors.ts';

export async function auditCommand([action]: string[], values: { data?: string | undefined }): Promise<string> {
  if (action !== 'verify') throw new AppError('invalid-input', `Expected audit verify, found "${action ?? ''}".`);
  const store = await openStore({
    dataFolder: values.data ?? defaultDataFolder(process.env, process.platform, homedir()),
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
