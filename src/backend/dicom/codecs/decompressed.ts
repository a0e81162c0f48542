/** What every codec hands over: one frame as samples, before bits, colour and padding are resolved. */
import type { Samples } from '#core/imaging/pixels.ts';
import { COPY_AGAIN, refused } from '../refuse.ts';
import type { PixelFormat } from '../format.ts';

export interface Decompressed {
  /** `rows × columns × samplesPerPixel` samples. */
  data: Samples;
  /** Planes one after another rather than pixel by pixel. */
  planar: boolean;
  photometric: string;
  /** Significant bits of a sample in the codestream, counted from bit 0. */
  precision: number;
  /** How the codec wrote the samples; `raw`: as the header says. */
  signedness: 'raw' | 'signed' | 'unsigned';
  /** Whether samples may overshoot the header's range by loss: then they are clamped, never masked. */
  lossy: boolean;
}

/** What a codestream says of itself. */
export interface Codestream {
  rows: number;
  columns: number;
  components: number;
  precision: number;
}

/** A codec may accept garbage: size, components and bits must be the header's. */
export function checkCodestream(kind: string, stream: Codestream, format: PixelFormat): void {
  const { rows, columns, samplesPerPixel, bitsAllocated } = format;
  const same = stream.rows === rows && stream.columns === columns && stream.components === samplesPerPixel;
  if (same && stream.precision >= 1 && stream.precision <= Math.max(8, bitsAllocated)) return;
  throw refused(
    `a ${kind} frame of ${columns} × ${rows}, ${samplesPerPixel} × ${bitsAllocated} bits`,
    `one of ${stream.columns} × ${stream.rows}, ${stream.components} × ${stream.precision} bits`,
    COPY_AGAIN,
  );
}

/** The number of samples that came out must be the number that was promised. */
export function checkLength(kind: string, samples: number, format: PixelFormat): void {
  const expected = format.rows * format.columns * format.samplesPerPixel;
  if (samples !== expected) throw refused(`${expected} samples from the ${kind} frame`, `${samples}`, COPY_AGAIN);
}

/** Codecs throw strings, numbers and Errors; the person needs to know which frame form failed. */
export const damaged = (kind: string): Error =>
  refused(`a whole ${kind} frame`, 'one that its decoder cannot read', COPY_AGAIN);
