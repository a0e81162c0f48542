/** A new data key: the database encrypted anew, the images' key wrapped anew, old copies of the key worth nothing here. */
import type { SafekeepingStep } from '#contract/records.ts';
import { AppError } from '#contract/errors.ts';
import { syncFolder } from '../files/atomic.ts';
import { changedKeys } from '../files/keys.ts';
import { writeKeys } from '../files/keysFile.ts';
import { withPerson, type PersonSecret } from '../files/personKeys.ts';
import { recoverSwap, removeDatabase, swap } from '../files/swap.ts';
import { appendTo } from './appendTo.ts';
import { unreplaced, type Watched } from './backup.ts';
import { copyDatabase, isSound, rekeyDatabase } from './longWork.ts';
import type { Store } from './store.ts';

/**
 * The copy is encrypted anew and checked beside the database, then takes its place in one step (`swap`): a crash leaves
 * the old key with the old database or the new with the new. `person` keeps a copy of the key by password at once.
 * Nothing is written meanwhile, or the copy would lack it. Stopped before the last step it leaves everything as it was.
 */
export async function changeDataKey(
  store: Store,
  person: PersonSecret,
  actor: string,
  { signal, tell }: Watched = {},
): Promise<void> {
  const { folder, vault } = store;
  const next = folder.next.database;
  const watch = (step: SafekeepingStep) => ({
    signal,
    onProgress: (done: number, total: number) => tell?.(step, done, total),
  });
  await vault.quietly(async () => {
    try {
      const old = vault.keys().database;
      const { file, dataKey, database } = changedKeys(vault.keys(), vault.machineSecret, vault.random, vault.now());
      removeDatabase(next);
      await copyDatabase(folder.database, old, next, watch('copying the database'));
      await rekeyDatabase(next, old, database, watch('encrypting anew'));
      if (!(await isSound(next, database, watch('checking the database'))))
        throw new AppError(
          'refused',
          'The newly encrypted database is not sound, so nothing was changed. Check the disk.',
        );
      appendTo(next, database, { at: vault.now(), actor, event: 'key.changed', subject: 'data key' });
      syncFolder(folder.root);
      writeKeys(folder.next.keys, withPerson(file, dataKey, person, vault.random));
      vault.replace(() => swap(folder));
    } catch (error) {
      // Nothing was replaced: what lies beside the data goes.
      recoverSwap(folder);
      throw unreplaced(error);
    }
  });
}
