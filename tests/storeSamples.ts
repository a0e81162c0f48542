/** Folders and stores for the tests of the store, that go with the test; and the made-up films (`storeFilms.ts`). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore, type Store, type StoreOptions } from '#backend/db/store.ts';
import { random } from './storeFilms.ts';

export * from './storeFilms.ts';

/** A folder that goes with the test. */
export function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Options of a store under `folder`: data in `data`, the machine's key in `config`, a clock that ticks. */
export function optionsIn(folder: string): StoreOptions {
  let clock = Date.UTC(2026, 0, 5, 8);
  return {
    dataFolder: path.join(folder, 'data'),
    machineSecret: { kind: 'file', path: path.join(folder, 'config', 'machine.key') },
    now: () => (clock += 1000),
    random,
    program: 'the test',
  };
}

/** A store that closes with the test. */
export async function storeIn(folder: string): Promise<Store> {
  const store = await openStore(optionsIn(folder));
  onTestFinished(() => store.close());
  return store;
}
