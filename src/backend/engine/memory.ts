/** What the engine learned of each pack, over what the store knows: checked, failed and why, on which provider. */
import type { PackState } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { EngineRun } from '#core/findings/findings.ts';
import type { PackStore } from '../files/packs.ts';

export interface PackMemory {
  list(): PackState[];
  /** AppError `not-found`. */
  state(id: string): PackState;
  passed(id: string, engine: EngineRun, largestDifference: number): void;
  failed(id: string, reason: string): void;
  /** Without an id: all of them, as after another choice of provider. */
  forget(id?: string): void;
  /** AppError `refused` with the remembered reason: a pack that failed is not tried again unless it is checked. */
  refuseFailed(id: string): void;
}

type Learned = Pick<PackState, 'state' | 'reason' | 'engine' | 'largestDifference'>;

export function createPackMemory(store: PackStore): PackMemory {
  const learned = new Map<string, Learned>();
  const list = () =>
    store.list().map((state) => (state.state === 'failed' ? state : { ...state, ...learned.get(state.id) }));
  return {
    list,
    state(id) {
      const found = list().find((state) => state.id === id);
      if (!found) throw new AppError('not-found', `expected an installed model pack, found none named "${id}"`);
      return found;
    },
    passed: (id, engine, largestDifference) =>
      learned.set(id, { state: 'ready', reason: '', engine, largestDifference }),
    failed: (id, reason) => learned.set(id, { state: 'failed', reason, engine: null, largestDifference: null }),
    forget: (id) => (id === undefined ? learned.clear() : learned.delete(id)),
    refuseFailed(id) {
      const known = learned.get(id);
      if (known?.state === 'failed') throw new AppError('refused', known.reason);
    },
  };
}
