/** CUDA's side-loaded libraries as the engine's life needs them: verified once, and again when a file changed. */
import { stat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { EngineChoice } from '#contract/calls.ts';
import type { EngineProcess, StartEngine } from './start.ts';
import { verifySideLoad, type SideLoad } from './sideLoad.ts';
import type { SideLoadPlace } from './sideLoadPlace.ts';
import { viewOf } from './sideLoadView.ts';

export interface Cuda {
  /** What is there now; null where the choice leaves CUDA out or there is no place for it. */
  check(choice: EngineChoice): Promise<SideLoad | null>;
}

/** `place` null: CUDA cannot be loaded here. */
export function createCuda(place: SideLoadPlace | null): Cuda {
  let seen = '';
  let found: SideLoad | null = null;
  return {
    async check(choice) {
      if (place === null || (choice !== 'auto' && choice !== 'cuda')) return null;
      if (place.problem !== '') return { state: 'refused', folder: place.folder, reason: place.problem };
      const now = await signs(place.folder);
      if (found && now === seen) return found;
      seen = now;
      found = await verifySideLoad(place.folder);
      return found;
    },
  };
}

/** Starts an engine that may load the verified libraries; they are gone from its path when it is. */
export async function startWith(start: StartEngine, found: SideLoad | null): Promise<EngineProcess> {
  if (found?.state !== 'taken') return await start();
  const view = await viewOf(found);
  try {
    const engine = await start(view.folder);
    engine.onExit(() => void view.remove());
    return engine;
  } catch (error) {
    await view.remove();
    throw error;
  }
}

/** Sizes, places and times of every file: the time of a change of the inode (ctime) is nobody's to set. */
async function signs(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const one = async (name: string) => {
    const { ino, size, mode, uid, mtimeNs, ctimeNs } = await stat(path.join(folder, name), { bigint: true });
    return [name, ino, size, mode, uid, mtimeNs, ctimeNs].join(' ');
  };
  const all = await Promise.all(['.', ...names].map((name) => one(name).catch(() => name)));
  return all.join('\n');
}
