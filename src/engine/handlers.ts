/** The engine's calls: packs that were loaded, by id, and films through them. */
import { AppError } from '#contract/errors.ts';
import type { EngineProtocol } from '#contract/engine.ts';
import type { Handlers } from '#contract/protocol.ts';
import { samplesOf, type Pixels } from '#core/imaging/pixels.ts';
import { loadPack, type LoadedPack } from './load.ts';
import { runFilm } from './run.ts';

export function createHandlers(): Handlers<EngineProtocol> {
  const loaded = new Map<string, LoadedPack>();
  let latest: { film: number; bytes: Uint8Array } | null = null;
  return {
    async 'engine.load'({ folder, pack, choice, cuda }) {
      const began = performance.now();
      await loaded.get(pack.id)?.session.release();
      loaded.delete(pack.id);
      const fresh = await loadPack(folder, pack, choice, cuda);
      loaded.set(pack.id, fresh);
      return { run: fresh.run, largestDifference: fresh.largestDifference, loadMs: performance.now() - began };
    },

    async 'engine.run'({ pack: id, film, header, rows, columns, kind, min, max, bytes }, { emit }) {
      if (bytes) latest = { film, bytes };
      if (latest?.film !== film) throw new AppError('invalid-input', 'expected the bytes of this film, found none');
      const found = loaded.get(id);
      if (!found) throw new AppError('not-found', `expected a loaded pack, found no "${id}"`);
      const data = samplesOf(kind, latest.bytes);
      if (data.length !== rows * columns)
        throw new AppError('invalid-input', `expected ${rows * columns} grey samples, found ${data.length}`);
      const pixels: Pixels = { rows, columns, samplesPerPixel: 1, kind, data, min, max };
      try {
        return await runFilm(found.session, found.pack, header, pixels, () => emit('engine.stage', { stage: 'model' }));
      } catch (error) {
        throw explained(error);
      }
    },
  };
}

/** The transform says in a RangeError what it cannot read; anything else is the session or its device. */
function explained(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof RangeError)
    return new AppError('unsupported', `This film cannot be prepared: ${error.message}.`);
  const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
  return new AppError('engine-failed', `The model could not be run: ${said}`, { cause: error });
}
