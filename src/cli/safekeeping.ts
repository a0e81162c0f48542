/** `raddraft backup make | verify | restore`, `raddraft keys adopt`, `raddraft rescue`: a data folder kept, moved, saved. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { append } from '#backend/db/audit.ts';
import { adoptFolder, checkBackup, makeBackup, restoreInto } from '#backend/db/backup.ts';
import { rescueTexts } from '#backend/db/rescue.ts';
import { userName } from '#backend/files/lock.ts';
import { AppError } from '#contract/errors.ts';
import { dataFolderOf, machineOf, passwordFromInput, random, withStore } from './dataStore.ts';

interface Values {
  data?: string | undefined;
  out?: string | undefined;
  password: boolean;
}

export async function backupCommand([action, place]: string[], values: Values): Promise<string> {
  if (!place) throw new AppError('invalid-input', 'Expected backup make | verify | restore with a folder.');
  const folder = path.resolve(place);
  if (action === 'make')
    return withStore(values.data, async (store) => {
      const backup = await makeBackup(store, folder, { images: true });
      const detail = { images: backup.images, bytes: backup.bytes, elsewhere: true };
      const row = { at: Date.now(), actor: userName(), event: 'backup.made', subject: backup.name, detail };
      store.write((write) => append(write, row));
      return `${path.join(folder, backup.name)}: ${backup.images} images, ${backup.bytes} bytes, log up to row ${backup.head.seq}.\n`;
    });
  const by = { machine: machineOf(), password: values.password ? await passwordFromInput() : null, random };
  if (action === 'verify') {
    const { head } = await checkBackup(folder, { ...by, images: null });
    return `The backup is whole and opens; its log ends at row ${head.seq}.\n`;
  }
  if (action === 'restore') {
    const to = dataFolderOf(values.data);
    const head = await restoreInto(folder, to, { ...by, at: Date.now(), actor: userName() });
    return `${to} holds the backup now; its log ends at row ${head.seq}.\n`;
  }
  throw new AppError('invalid-input', `Expected backup make, verify or restore, found "${action ?? ''}".`);
}

export async function keysCommand([action]: string[], values: Values): Promise<string> {
  if (action !== 'adopt') throw new AppError('invalid-input', `Expected keys adopt, found "${action ?? ''}".`);
  const dataFolder = dataFolderOf(values.data);
  await adoptFolder(dataFolder, { machine: machineOf(), password: await passwordFromInput(), random });
  return `${dataFolder} opens on this machine now.\n`;
}

/** Where the database is damaged, whatever text can still be read goes into a file of the person's choice. */
export async function rescueCommand(values: Values): Promise<string> {
  if (!values.out) throw new AppError('invalid-input', 'Expected --out FILE, which the texts are written to.');
  const { texts, lost } = rescueTexts(dataFolderOf(values.data), machineOf(), tmpdir());
  const parts = texts.map(({ study, draft, what, savedAt, text }) => {
    const at = new Date(savedAt).toISOString();
    return `===== study ${study}, report ${draft}, ${what}, ${at} =====\n${text}\n`;
  });
  writeFileSync(path.resolve(values.out), parts.join('\n'), { flag: 'wx', mode: 0o600 });
  const missing = lost === 0 ? 'Nothing was found damaged.' : `${lost} places could not be read.`;
  return `${texts.length} texts are in ${values.out}. They name patients: keep the file safe. ${missing}\n`;
}
