/** Whether the heart was measured as enlarged. */
import type { Measurement } from './measurement.ts';

/** A cardiothoracic ratio over one half by more than the measurement's mean error. */
export const isEnlarged = ({ name, value, error }: Pick<Measurement, 'name' | 'value' | 'error'>): boolean =>
  name === 'cardiothoracic-ratio' && value - error.mean > 0.5;
