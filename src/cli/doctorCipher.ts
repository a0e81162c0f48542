/** Whether the database encrypts: a store is made in a temporary folder, written, looked at as raw bytes, read again. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '#backend/db/store.ts';
import { layoutOf } from '#backend/files/dataFolder.ts';
import { AppError } from '#contract/errors.ts';
import type { Finding } from './doctorPlaces.ts';

const COMMAND = 'doctor.mark';
const MARK = 'Ctrl+Alt+Shift+F12';

export async function checkCipher(): Promise<Finding> {
  const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-doctor-'));
  const what = 'encrypted database';
  try {
    const data = path.join(folder, 'data');
    const open = (): Promise<Store> =>
      openStore({
        dataFolder: data,
        machineSecret: { kind: 'file', path: path.join(folder, 'machine.key') },
        now: () => Date.now(),
        random: (bytes) => randomBytes(bytes),
        program: 'RadDraft (doctor)',
      });
    const first = await open();
    first.settings.set({ keys: { [COMMAND]: MARK } }, 'doctor');
    await first.close();
    const raw = readFileSync(layoutOf(data).database);
    if (raw.includes('SQLite format 3') || raw.includes(MARK))
      return { what, state: 'failed', found: 'what is written can be read without the key' };
    const second = await open();
    const same = second.settings.get().keys[COMMAND] === MARK;
    await second.close();
    return same
      ? { what, state: 'ok', found: 'written encrypted and read again' }
      : { what, state: 'failed', found: 'what was written was not read again' };
  } catch (error) {
    return { what, state: 'failed', found: error instanceof AppError ? error.message : 'cannot be opened' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
