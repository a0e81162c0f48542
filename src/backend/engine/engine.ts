/** Models for the rest of the backend: one job at a time, in a process that may be killed, crash, and come back. */
import type * as z from 'zod';
import type { EngineChoice, EngineState, PackState, Stage } from '#contract/calls.ts';
import type { CudaLibraries, EngineProtocol } from '#contract/engine.ts';
import { AppError } from '#contract/errors.ts';
import type { Connection } from '#contract/rpc.ts';
import type { EngineRun } from '#core/findings/findings.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { bytesOf, type Pixels, type Samples } from '#core/imaging/pixels.ts';
import type { Saliency } from '#core/imaging/saliency.ts';
import type { PackStore } from '../files/packs.ts';
import { bounded, usualLimits, type EngineLimits } from './bounded.ts';
import { createEngineChild } from './child.ts';
import { createCuda, startWith, type Cuda } from './cuda.ts';
import { createPackMemory } from './memory.ts';
import { createQueue } from './queue.ts';
import type { SideLoad } from './sideLoad.ts';
import { sideLoadPlace } from './sideLoadPlace.ts';
import type { StartEngine } from './start.ts';

export interface EngineOptions {
  start: StartEngine;
  packs: PackStore;
  choice: EngineChoice;
  onChange(state: EngineState): void;
  /** A pack was checked, has failed, or must be checked again. */
  onPacks?(packs: PackState[]): void;
  limits?: EngineLimits;
  /** Where CUDA's side-loaded libraries are, and whether they may be loaded; else the machine's own place. */
  cuda?: Cuda;
}

/** A grey film and the id of the pack that reads it. */
export interface FilmJob {
  pack: string;
  header: ImageHeader;
  pixels: Pixels;
}

export interface FilmAnswer {
  logits: number[];
  /** One for each label of the pack, in its order. */
  maps: Saliency[];
  run: EngineRun;
  /** Milliseconds; `load` is 0 in a warm engine, `transfer` is to the process and back. */
  timings: Record<'load' | 'transfer' | 'preprocess' | 'run' | 'explain', number>;
}

export interface JobOptions {
  /** Aborting a waiting job takes it out of the queue; aborting the running one kills the process. */
  signal?: AbortSignal;
  onStage?: (stage: z.infer<typeof Stage>) => void;
}

export interface Engine {
  /** AppError: `not-found`, `refused` (the pack), `unsupported` (the film), `cancelled`, `timed-out`, `engine-failed`. */
  analyse(job: FilmJob, options?: JobOptions): Promise<FilmAnswer>;
  /** Hashes and self-tests the pack again; a pack that fails is an answer, not an error. */
  check(pack: string, options?: JobOptions): Promise<PackState>;
  /** Waits its turn, starts the process anew and loads the pack that was used last, so that a fallback shows now. */
  choose(choice: EngineChoice): Promise<EngineState>;
  state(): EngineState;
  /** The store's packs with what the engine learned of them. */
  packs(): PackState[];
  close(): void;
}

/** Beyond the fall-back itself: a folder that somebody filled and that is not what it says is never quiet. */
const REFUSED = 'Tell who looks after this machine.';
const CRASHED = 'The engine failed; it was started again and the job repeated.';
const CRASHED_TWICE = 'The engine failed twice during one job, and the job was given up.';

export function createEngine(options: EngineOptions): Engine {
  const { start, packs, limits = usualLimits } = options;
  const queue = createQueue();
  const memory = createPackMemory(packs);
  const cuda = options.cuda ?? createCuda(sideLoadPlace());
  let libraries: SideLoad | null = null;
  const child = createEngineChild({
    start: async () => {
      libraries = await cuda.check(choice);
      return await startWith(start, libraries);
    },
    onChange: changed,
  });
  /** What the process behind a connection has loaded. */
  const loaded = new WeakMap<Connection<EngineProtocol>, Map<string, EngineRun>>();
  /** The film that a process has, so that it does not cross again for the next pack. */
  const there = new WeakMap<Connection<EngineProtocol>, { film: number; data: Samples }>();
  let films = 0;
  let choice = options.choice;
  let run: EngineRun | null = null;
  let latestPack: string | null = null;
  let busy = false;
  let closed = false;
  let restarts = 0;
  let crash = '';

  function state(): EngineState {
    const life = child.state();
    const tampered = libraries?.state === 'refused' ? REFUSED : '';
    const notice = [crash, run?.fallback, run && tampered].filter(Boolean).join(' ');
    return { choice, state: life === 'up' ? (busy ? 'busy' : 'ready') : life, run, restarts, notice, failure: crash };
  }
  function changed(): void {
    if (!closed) options.onChange(state());
  }
  function packsChanged(): void {
    if (!closed) options.onPacks?.(memory.list());
  }

  /** Ends the process and begins the next at once, so that nobody waits for it later. */
  function restart(): void {
    child.kill();
    if (closed) return;
    restarts++;
    void child.connection().catch(() => undefined);
  }
  const within = <T>(ms: number, signal: AbortSignal | undefined, work: Promise<T>) =>
    bounded(work, ms, signal, restart);

  /** One turn of the queue. What a crash cut short is done once more, and the crash is said out loud. */
  function turn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const again = async (error: unknown): Promise<T> => {
      if (!isCrash(error) || closed) throw error;
      crash = CRASHED;
      restart();
      try {
        return await work();
      } catch (error) {
        if (!isCrash(error) || closed) throw error;
        crash = CRASHED_TWICE;
        const cause = child.lastWords() || error;
        restart();
        throw new AppError('engine-failed', `${CRASHED_TWICE} Try again, or choose the processor (CPU).`, { cause });
      }
    };
    return queue.add(async () => {
      busy = true;
      changed();
      try {
        const result = await work().then((value) => {
          crash = '';
          return value;
        }, again);
        return result;
      } finally {
        busy = false;
        changed();
      }
    }, signal);
  }

  /** The connection to a process that has the pack, and what runs it there. */
  async function ready(id: string, signal: AbortSignal | undefined, afresh = false) {
    const { pack, folder } = packs.get(id);
    memory.refuseFailed(id);
    const connection = await within(limits.load, signal, child.connection());
    const here = loaded.get(connection) ?? new Map<string, EngineRun>();
    loaded.set(connection, here);
    latestPack = id;
    const before = here.get(id);
    if (before && !afresh) return { connection, ran: before };
    try {
      const answer = await within(
        limits.load,
        signal,
        connection.api['engine.load']({ folder, pack, choice, cuda: wordsOf(libraries) }),
      );
      here.set(id, answer.run);
      run = answer.run;
      memory.passed(id, answer.run, answer.largestDifference);
      return { connection, ran: answer.run };
    } catch (error) {
      here.delete(id);
      if (error instanceof AppError && error.code === 'refused') memory.failed(id, error.message);
      throw error;
    } finally {
      packsChanged();
    }
  }

  async function readFilm({ pack, header, pixels }: FilmJob, { signal, onStage }: JobOptions): Promise<FilmAnswer> {
    const began = performance.now();
    onStage?.('loading model');
    const { connection, ran } = await ready(pack, signal);
    const sent = performance.now();
    onStage?.('preparing');
    const quiet = connection.on('engine.stage', ({ stage }) => onStage?.(stage));
    try {
      const { rows, columns, kind, min, max, data } = pixels;
      const before = there.get(connection);
      const isThere = before?.data === data;
      const sentFilm = isThere ? before : { film: ++films, data };
      there.set(connection, sentFilm);
      const answer = await within(
        limits.run,
        signal,
        connection.api['engine.run']({
          pack,
          film: sentFilm.film,
          header: { ...header, overlays: [] }, // they are drawn, never read by a model
          rows,
          columns,
          kind,
          min,
          max,
          bytes: isThere ? null : bytesOf(data),
        }),
      );
      const { preprocess, run: model, explain } = answer.timings;
      run = ran;
      const transfer = performance.now() - sent - preprocess - model - explain;
      return { ...answer, run: ran, timings: { load: sent - began, transfer, ...answer.timings } };
    } finally {
      quiet();
    }
  }

  return {
    async analyse(job, jobOptions = {}) {
      packs.get(job.pack);
      if (job.pixels.samplesPerPixel !== 1)
        throw new AppError('unsupported', 'expected a grey film, found a colour image. Models read grey films only.');
      return await turn(() => readFilm(job, jobOptions), jobOptions.signal);
    },

    async check(id, { signal, onStage } = {}) {
      const stored = await packs.verify(id);
      memory.forget(id);
      if (stored.state !== 'failed')
        await turn(async () => {
          onStage?.('loading model');
          await ready(id, signal, true);
        }, signal).catch((error: unknown) => {
          if (!(error instanceof AppError) || error.code === 'cancelled' || error.code === 'closed') throw error;
          memory.failed(id, error.message);
        });
      packsChanged();
      return memory.state(id);
    },

    async choose(wish) {
      await turn(async () => {
        if (wish !== choice) {
          choice = wish;
          run = null;
          memory.forget();
          child.kill();
        }
        if (latestPack !== null) await ready(latestPack, undefined).catch(unlessCrash);
        packsChanged();
      });
      return state();
    },

    state,
    packs: () => memory.list(),
    close() {
      closed = true;
      queue.close();
      child.kill();
    },
  };
}

const wordsOf = (found: SideLoad | null): CudaLibraries => ({
  refused: found?.state === 'refused' ? found.reason : '',
  list: found?.state === 'taken' ? found.list : '',
});

/** The process went away, or says itself that its session or device failed. */
const isCrash = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'closed' || error.code === 'engine-failed');

/** For choosing a provider a refused pack is no failure: its state says it. */
function unlessCrash(error: unknown): void {
  if (isCrash(error) || !(error instanceof AppError)) throw error;
}
