/** Whether the heart was measured as enlarged, or as not. */
import type { Measurement } from './measurement.ts';
import { notes } from './notes.ts';

/**
 * A cardiothoracic ratio over one half by more than 95 of 100 measurements are off, on a film where nothing weakens it:
 * on an AP film, or a turned one, a ratio over one half says little of the heart. (Who may use a model is no weakness.)
 */
export const isEnlarged = ({ name, value, error, caveats }: Measurement): boolean =>
  name === 'cardiothoracic-ratio' &&
  value - error.p95 > 0.5 &&
  caveats.every((caveat) => caveat === notes['ratio-research']);

/** What makes a heart look larger than it is, or its chest narrower, and who may use a model: none of it weakens a small ratio. */
const harmless = ['ratio-ap', 'ratio-view', 'ratio-edge', 'ratio-wall', 'ratio-research'] as const;

/** A ratio under one half by more than 95 of 100 measurements are off; a turned patient, a lung that lost volume or a phantom weakens it. */
export const isNotEnlarged = ({ name, value, error, caveats }: Measurement): boolean =>
  name === 'cardiothoracic-ratio' &&
  value + error.p95 < 0.5 &&
  caveats.every((caveat) => harmless.some((id) => notes[id] === caveat));
