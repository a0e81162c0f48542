/** Markers of a JPEG or JPEG-LS codestream (ITU-T T.81 annex B, T.87 annex C): what it is, before a decoder sees it. */
import { COPY_AGAIN, refused } from '../refuse.ts';
import type { Codestream } from './decompressed.ts';

export interface JpegHeader extends Codestream {
  /** The low byte of the start-of-frame marker: C0 baseline, C1 extended, C3 lossless, F7 JPEG-LS … */
  startOfFrame: number;
  componentIds: number[];
  /** Whether some component is stored at a lower resolution: then it cannot be RGB. */
  subsampled: boolean;
  /** Colour transform of the Adobe APP14 segment (0 none, 1 YCbCr), null without one. */
  adobeTransform: number | null;
  jfif: boolean;
}

/** Throws AppError `refused` where there is no start of frame, or where the end is missing. */
export function jpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw refused('a JPEG codestream', 'other data', COPY_AGAIN);
  let adobeTransform: number | null = null;
  let jfif = false;
  for (let at = 2; at + 3 < bytes.length;) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0) break;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = word(bytes, at + 2);
    const body = at + 4;
    if (isStartOfFrame(marker)) {
      checkEnd(bytes);
      return { ...frameHeader(bytes, marker, body), adobeTransform, jfif };
    }
    if (marker === 0xee && text(bytes, body, 5) === 'Adobe') adobeTransform = bytes[body + 11] ?? null;
    if (marker === 0xe0 && text(bytes, body, 4) === 'JFIF') jfif = true;
    if (marker === 0xda || length < 2) break;
    at += 2 + length;
  }
  throw refused('a JPEG codestream with a start of frame', 'none', COPY_AGAIN);
}

function frameHeader(bytes: Uint8Array, marker: number, body: number): Omit<JpegHeader, 'adobeTransform' | 'jfif'> {
  const components = bytes[body + 5] ?? 0;
  const parts = Array.from({ length: components }, (_, index) => body + 6 + 3 * index);
  const sampling = parts.map((part) => bytes[part + 1] ?? 0);
  return {
    startOfFrame: marker,
    precision: bytes[body] ?? 0,
    rows: word(bytes, body + 1),
    columns: word(bytes, body + 3),
    components,
    componentIds: parts.map((part) => bytes[part] ?? 0),
    subsampled: sampling.some((factor) => factor !== sampling[0]),
  };
}

/** A decoder fills what is missing with grey and says nothing. Padding may follow the end of image. */
function checkEnd(bytes: Uint8Array): void {
  let end = bytes.length;
  while (end > 2 && (bytes[end - 1] === 0 || (bytes[end - 1] === 0xff && bytes[end - 2] === 0xd9))) end--;
  if (bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9) return;
  throw refused('a JPEG frame with its end', 'one that is cut off', COPY_AGAIN);
}

const isStartOfFrame = (marker: number): boolean =>
  marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc);

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const text = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
