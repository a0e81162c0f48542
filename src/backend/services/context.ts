/** What the services work with: made once by the composition root, handed to each as a parameter. */
import type * as z from 'zod';
import type { Product } from '#contract/calls.ts';
import type { CallContext, Emit, Handlers } from '#contract/protocol.ts';
import type { Store } from '../db/store.ts';
import type { Imaging } from '../dicom/imaging.ts';
import type { Engine } from '../engine/engine.ts';
import type { PackStore } from '../files/packs.ts';
import type { Journal } from './journal.ts';

export interface Services {
  store: Store;
  imaging: Imaging;
  engine: Engine;
  packs: PackStore;
  /**
   * Who makes the call that is being answered: ask for it inside the call, never keep it. The operating system's user
   * while there are no people.
   */
  readonly actor: string;
  /** Notes for the audit log that no change of the data carries. */
  journal: Journal;
  /** Milliseconds since 1970, UTC. */
  now: () => number;
  /** A new id that nobody can guess. */
  newId: () => string;
  /** To every window. */
  broadcast: Emit<Product>;
  /** Windows may name paths; else only `openAtStart` and what lies below it. */
  allowsPaths: boolean;
  openAtStart: string[];
}

/** The handlers of one area. */
export type Area<Names extends keyof Product['calls']> = Pick<Handlers<Product>, Names>;
export type Context = CallContext<Product>;
export type StageName = z.infer<Product['events']['job.progress']>['stage'];
