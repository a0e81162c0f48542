/** The engine's own small contract: load a pack, run it, nothing else. It knows no study and no database. */
import * as z from 'zod';
import { EngineRun } from '#core/findings/findings.ts';
import { ImageHeader } from '#core/imaging/header.ts';
import { SampleKind } from '#core/imaging/pixels.ts';
import { Saliency } from '#core/imaging/saliency.ts';
import { Pack } from '#core/pack/pack.ts';
import { EngineChoice } from './calls.ts';

/** What became of CUDA's side-loaded libraries before the engine was started. */
export const CudaLibraries = z.object({
  /** Why CUDA must not be tried: the middle of a sentence; empty: it may. */
  refused: z.string(),
  /** SHA-256 of the list of hashes that the libraries were verified against; empty: none were side-loaded. */
  list: z.string(),
});
export type CudaLibraries = z.infer<typeof CudaLibraries>;

export const engineCalls = {
  /** Creates the session, runs the golden inputs, reads what ran from the profile. */
  'engine.load': {
    input: z.object({ folder: z.string(), pack: Pack, choice: EngineChoice, cuda: CudaLibraries }),
    output: z.object({ run: EngineRun, largestDifference: z.number(), loadMs: z.number() }),
  },
  /**
   * One film through a loaded pack. `bytes` are stored values; the pack's transform is applied here. A film that goes
   * through several packs crosses once: null stands for the bytes of the run before, whose `film` must be the same.
   */
  'engine.run': {
    input: z.object({
      pack: z.string(),
      film: z.int(),
      header: ImageHeader,
      rows: z.int().positive(),
      columns: z.int().positive(),
      kind: SampleKind,
      min: z.number(),
      max: z.number(),
      bytes: z.custom<Uint8Array | null>((value) => value === null || value instanceof Uint8Array, 'expected bytes'),
    }),
    output: z.object({
      logits: z.array(z.number()),
      /**
       * One map a label, each scaled to [0,1] by its own largest positive value; all zero where nothing is positive. Of
       * an anatomy pack one a mask: probabilities as they are.
       */
      maps: z.array(Saliency),
      timings: z.object({ preprocess: z.number(), run: z.number(), explain: z.number() }),
    }),
  },
} as const;

export const engineEvents = {
  /** The film is prepared and the graph is about to run. */
  'engine.stage': z.object({ stage: z.literal('model') }),
} as const;

export const engineProtocol = { calls: engineCalls, events: engineEvents } as const;
export type EngineProtocol = typeof engineProtocol;
