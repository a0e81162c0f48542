/** Damage to compressed frames at the places where their form has meaning: markers, segment fields, RLE offsets. */
import type { Random } from './random.ts';

export type StreamKind = 'jpeg' | 'jpeg-2000' | 'rle' | 'other';

export function streamKind(bytes: Uint8Array): StreamKind {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'jpeg';
  if (bytes[0] === 0xff && bytes[1] === 0x4f) return 'jpeg-2000';
  return bytes.length >= 64 && (bytes[0] ?? 0) <= 15 && bytes[1] === 0 && bytes[4] === 64 ? 'rle' : 'other';
}

/** A copy with one change. */
export function damageStream(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length === 0) return random.bytes(random.below(40));
  const kind = streamKind(bytes);
  const out = bytes.slice();
  switch (random.below(10)) {
    case 0:
      return out.subarray(0, random.below(out.length));
    case 1:
      return flipBits(out, random, 0);
    case 2:
      return doubled(out, random);
    case 3:
      return withoutSome(out, random);
    default:
      if (kind === 'rle') return damageRle(out, random);
      if (kind === 'other') return flipBits(out, random, 0);
      return damageMarkers(out, random, kind);
  }
}

function flipBits(out: Uint8Array, random: Random, from: number): Uint8Array {
  const flips = 1 + random.below(8);
  for (let i = 0; i < flips; i++) {
    const at = from + random.below(Math.max(1, out.length - from));
    out[at] = (out[at] ?? 0) ^ (1 << random.below(8));
  }
  return out;
}

/** A piece twice, somewhere. */
function doubled(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random.below(bytes.length);
  const piece = bytes.subarray(from, from + 1 + random.below(64));
  const to = random.below(bytes.length);
  return Uint8Array.from([...bytes.subarray(0, to), ...piece, ...bytes.subarray(to)]);
}

function withoutSome(bytes: Uint8Array, random: Random): Uint8Array {
  const from = random.below(bytes.length);
  const to = Math.min(bytes.length, from + 1 + random.below(24));
  return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(to)]);
}

/** Count and offsets of the header (PS3.5 G.5), or a control byte. */
function damageRle(out: Uint8Array, random: Random): Uint8Array {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  if (random.oneIn(2) && out.length >= 64) view.setUint32(4 * random.below(16), random.edge(), true);
  else out[Math.min(out.length - 1, 64 + random.below(out.length))] = random.below(256);
  return out;
}

interface Marker {
  at: number;
  code: number;
  /** Bytes of the segment after its length field. */
  body: number;
}

/** Markers as they follow each other; inside entropy-coded data they are searched for. */
function markersOf(bytes: Uint8Array): Marker[] {
  const markers: Marker[] = [];
  for (let at = 0; at + 1 < bytes.length; at++) {
    const code = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || code === 0 || code === 0xff) continue;
    const alone = code === 0xd8 || code === 0xd9 || code === 0x4f || code === 0x93 || (code >= 0xd0 && code <= 0xd7);
    const length = alone ? 0 : ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    markers.push({ at, code, body: Math.max(0, length - 2) });
    if (!alone && length >= 2) at += 1 + length;
  }
  return markers;
}

const JPEG_CODES = [
  0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc7, 0xc8, 0xc9, 0xcc, 0xcf, 0xd0, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xe0,
  0xee, 0xf7, 0xf8, 0xfe,
];
const J2K_CODES = [
  0x4f, 0x50, 0x51, 0x52, 0x53, 0x55, 0x57, 0x58, 0x59, 0x5c, 0x5d, 0x5e, 0x5f, 0x60, 0x61, 0x63, 0x64, 0x90, 0x91,
  0x92, 0x93, 0xd9,
];

function damageMarkers(out: Uint8Array, random: Random, kind: 'jpeg' | 'jpeg-2000'): Uint8Array {
  const [first, ...others] = markersOf(out);
  // Without its first marker a codestream is refused before a decoder sees it.
  const marker = random.oneIn(20) ? first : random.any(others);
  if (!marker) return flipBits(out, random, 0);
  const { at, body } = marker;
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const inside = at + 4 + random.below(Math.max(1, body));
  switch (random.below(7)) {
    case 0:
      out[at + 1] = random.any(kind === 'jpeg' ? JPEG_CODES : J2K_CODES) ?? 0;
      return out;
    case 1: // the segment's length
      if (at + 4 <= out.length) view.setUint16(at + 2, random.edge() & 0xffff);
      return out;
    case 2:
      if (inside < out.length) out[inside] = random.edge() & 0xff;
      return out;
    case 3:
      if (inside + 2 <= out.length) view.setUint16(inside, random.edge() & 0xffff);
      return out;
    case 4:
      if (inside + 4 <= out.length) view.setUint32(inside, random.edge());
      return out;
    case 5: // the segment is left out, or there twice
      return random.oneIn(2)
        ? Uint8Array.from([...out.subarray(0, at), ...out.subarray(at + 4 + body)])
        : Uint8Array.from([...out.subarray(0, at), ...out.subarray(at, at + 4 + body), ...out.subarray(at)]);
    default: // the data after the last header
      return flipBits(out, random, Math.min(out.length - 1, at + 4 + body));
  }
}
