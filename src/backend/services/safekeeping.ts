/** `backup.*` and `key.*`: copies of the data, and the key that it is under. */
import path from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { KeyState } from '#contract/records.ts';
import { makeBackup, restoreBackup, type Watched } from '../db/backup.ts';
import { append } from '../db/audit.ts';
import { consentToWeakStore, weakStoreConsent } from '../db/policies.ts';
import { changeDataKey } from '../db/rekey.ts';
import { findBackups, listBackups } from '../files/backupFolder.ts';
import { readKeys } from '../files/keysFile.ts';
import { callingPerson, callingSeat } from './calling.ts';
import type { Area, Context, Services } from './context.ts';
import type { People } from './people.ts';
import type { Sessions } from './sessions.ts';

type Calls = Area<'backup.make' | 'backup.list' | 'backup.restore' | 'key.state' | 'key.consent' | 'key.change'>;

export function safekeepingCalls(services: Services, people: Pick<People, 'prove'>, sessions: Sessions): Calls {
  const { store, now, journal } = services;
  const by = () => ({ at: now(), actor: services.actor });

  /** One at a time: each needs the data folder to itself, or its backups. */
  let busy = false;
  async function alone<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (busy) throw new AppError('busy', 'A backup, a restore or a change of the key is under way. Wait for its end.');
    busy = true;
    try {
      return await store.vault.during((ending) => work(AbortSignal.any([signal, ending])));
    } finally {
      busy = false;
    }
  }

  function keyState(): KeyState {
    const { copies, changedAt } = readKeys(store.folder.keys);
    return {
      store: store.keyStoreName,
      weak: store.keyStoreWeak,
      consent: weakStoreConsent(store.read, store),
      people: copies.filter(({ kind }) => kind === 'password').length,
      changedAt: changedAt ?? null,
    };
  }

  return {
    'backup.make': ({ to }, { signal: stop, emit }) =>
      alone(stop, async (signal) => {
        if (to !== null && !services.allowsPaths)
          throw new AppError(
            'forbidden',
            'A browser may not name a folder on this machine. Use the data folder’s own.',
          );
        if (to !== null && !path.isAbsolute(to))
          throw new AppError('invalid-input', 'Expected the full path of a folder for the backup.');
        journal.flush();
        const backup = await makeBackup(store, to ?? store.folder.backups, {
          images: true,
          signal,
          tell: tellOf(emit),
        });
        const detail = { images: backup.images, bytes: backup.bytes, elsewhere: to !== null };
        store.write((write) => append(write, { ...by(), event: 'backup.made', subject: backup.name, detail }));
        return backup;
      }),
    'backup.list': async ({ folder }) => {
      if (folder === null) return listBackups(store.folder.backups);
      callingPerson();
      return findBackups(folder);
    },
    'backup.restore': ({ name, folder, password, itsPassword }, { signal: stop, emit }) =>
      alone(stop, async (signal) => {
        await people.prove(callingPerson().id, password, 'backup.restore');
        journal.flush();
        const found = folder === null ? listBackups(store.folder.backups) : findBackups(folder);
        if (!found.some((one) => one.name === name))
          throw new AppError('not-found', 'Expected this backup in its folder, found it gone. Look at the list again.');
        const from = path.join(folder ?? store.folder.backups, name);
        const by = { actor: services.actor, password: itsPassword ?? password };
        await restoreBackup(store, from, by, { signal, tell: tellOf(emit) });
        const reason = 'A backup was put in the place of the data. Sign in again.';
        const end = { cause: 'data-replaced', reason } as const;
        sessions.endAll(null, end, callingSeat());
        // The window that asked still gets its answer.
        setImmediate(() => {
          try {
            sessions.endAll(null, end);
          } catch {
            // The program was closed meanwhile: nobody sits anywhere.
          }
        });
        return {};
      }),
    'key.state': async () => keyState(),
    'key.consent': async () => {
      store.write((write) => consentToWeakStore(write, store, by()));
      return keyState();
    },
    'key.change': ({ password }, { signal: stop, emit }) =>
      alone(stop, async (signal) => {
        const { person, secret } = await people.prove(callingPerson().id, password, 'key.change');
        journal.flush();
        const { id, kdf } = person;
        const holder = { holder: id, kdf, wrapping: secret.wrapping };
        await changeDataKey(store, holder, services.actor, { signal, tell: tellOf(emit) });
        return keyState();
      }),
  };
}

const tellOf =
  (emit: Context['emit']): Watched['tell'] =>
  (step, done, total) =>
    emit('backup.progress', { step, done, total, unit: step === 'checking the database' ? 'tables' : 'bytes' });
