/** RLE lossless (PS3.5 annex G): a segment for each byte of each sample, most significant first, packed as PackBits. */
import { samplesOf } from '#core/imaging/pixels.ts';
import type { PixelFormat } from '../format.ts';
import { COPY_AGAIN, refused } from '../refuse.ts';
import type { Decompressed } from './decompressed.ts';
import { sampleKind, unpackBits } from './native.ts';

const HEADER_BYTES = 64;

export function decodeRle(bytes: Uint8Array, format: PixelFormat): Decompressed {
  const pixels = format.rows * format.columns;
  const oneBit = format.bitsAllocated === 1;
  const width = oneBit ? 1 : format.bitsAllocated / 8;
  const segments = segmentsOf(bytes, width * format.samplesPerPixel);
  const length = oneBit ? Math.ceil(pixels / 8) : pixels;
  // Every two bytes of a segment make at most 128: checked before the frame is allocated.
  segments.forEach((segment, index) => {
    if (segment.length * 64 < length) throw shortSegment(index, length, 0);
  });
  const out = new Uint8Array(length * width * format.samplesPerPixel);
  segments.forEach((segment, index) => {
    const sample = Math.floor(index / width);
    const first = sample * length * width + (width - 1 - (index % width));
    const count = unpack(segment, out, first, width, length);
    if (count < length) throw shortSegment(index, length, count);
  });
  const data = oneBit
    ? unpackBits({ bytes: out, encapsulated: true, firstBit: 0 }, format)
    : samplesOf(sampleKind(format), out);
  const { photometric, bitsAllocated: precision } = format;
  return { data, planar: format.samplesPerPixel === 3, photometric, precision, signedness: 'raw', lossy: false };
}

function segmentsOf(bytes: Uint8Array, expected: number): Uint8Array[] {
  if (bytes.length < HEADER_BYTES) throw refused('an RLE header of 64 bytes', `${bytes.length}`, COPY_AGAIN);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count !== expected) throw refused(`${expected} RLE segments`, `${count}`, COPY_AGAIN);
  return Array.from({ length: count }, (_, index) => {
    const start = view.getUint32(4 + 4 * index, true);
    const end = index + 1 < count ? view.getUint32(8 + 4 * index, true) : bytes.length;
    if (start < HEADER_BYTES || start > end || end > bytes.length)
      throw refused('RLE segments inside the frame', `bytes ${start} to ${end} of ${bytes.length}`, COPY_AGAIN);
    return bytes.subarray(start, end);
  });
}

/** Writes `length` values, `stride` bytes apart, from `out[first]` on; answers with how many there were. */
function unpack(segment: Uint8Array, out: Uint8Array, first: number, stride: number, length: number): number {
  let done = 0;
  let to = first;
  for (let i = 0; done < length && i < segment.length;) {
    const control = segment[i++] ?? 0;
    if (control < 128) {
      const run = Math.min(control + 1, length - done, segment.length - i);
      for (let j = 0; j < run; j++, to += stride) out[to] = segment[i + j] ?? 0;
      i += control + 1;
      done += run;
    } else if (control > 128 && i < segment.length) {
      const value = segment[i++] ?? 0;
      const run = Math.min(257 - control, length - done);
      for (let j = 0; j < run; j++, to += stride) out[to] = value;
      done += run;
    }
  }
  return done;
}

const shortSegment = (index: number, expected: number, found: number): Error =>
  refused(
    `${expected} bytes in RLE segment ${index + 1}`,
    found === 0 ? 'far fewer' : `${found}: the frame is cut off`,
    COPY_AGAIN,
  );
