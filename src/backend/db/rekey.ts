/** A new data key: the database encrypted anew, the images' key wrapped anew, old copies of the key worth nothing here. */
import { AppError } from '#contract/errors.ts';
import { syncFolder } from '../files/atomic.ts';
import { changedKeys } from '../files/keys.ts';
import { writeKeys } from '../files/keysFile.ts';
import { withPerson, type PersonSecret } from '../files/personKeys.ts';
import { removeDatabase, swap } from '../files/swap.ts';
import { appendTo } from './appendTo.ts';
import { openDatabase } from './open.ts';
import type { Store } from './store.ts';

/**
 * The copy is encrypted anew and checked beside the database, then takes its place in one step (`swap`): a crash leaves
 * the old key with the old database or the new with the new. `person` keeps a copy of the key by password at once.
 */
export function changeDataKey(store: Store, person: PersonSecret, actor: string): void {
  const { folder, vault } = store;
  const { file, dataKey, database } = changedKeys(vault.keys(), vault.machineSecret, vault.random, vault.now());
  removeDatabase(folder.next.database);
  vault.snapshot(folder.next.database);
  const row = { at: vault.now(), actor, event: 'key.changed', subject: 'data key' };
  rekey(folder.next.database, vault.keys().database, database);
  appendTo(folder.next.database, database, row);
  syncFolder(folder.root);
  writeKeys(folder.next.keys, withPerson(file, dataKey, person, vault.random));
  vault.replace(() => swap(folder));
}

function rekey(file: string, from: Uint8Array, to: Uint8Array): void {
  const copy = openDatabase(file, from, { journal: 'DELETE' });
  try {
    copy.pragma(`rekey = "raw:${Buffer.from(to).toString('hex')}"`);
  } finally {
    copy.close();
  }
  const again = openDatabase(file, to, { journal: 'DELETE' });
  try {
    if (again.pragma('integrity_check', { simple: true }) === 'ok') return;
    throw new AppError('refused', 'The newly encrypted database is not sound, so nothing was changed. Check the disk.');
  } finally {
    again.close();
  }
}
