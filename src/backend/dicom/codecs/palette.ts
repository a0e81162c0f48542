/** PALETTE COLOR to RGB (PS3.3 C.7.6.3.1.5 and C.7.9): stored value → entry of three lookup tables, plain or segmented. */
import type { Samples } from '#core/imaging/pixels.ts';
import type { Dataset } from '../dataset.ts';
import { COPY_AGAIN, refused } from '../refuse.ts';
import { numbers, rawBytes } from '../values.ts';

interface Palette {
  first: number;
  bits: number;
  entries: number[];
}

/** RGB8, pixel by pixel. Values below the first mapped one take the first entry, those above the last the last. */
export function applyPalette(indices: Samples, data: Dataset, signed: boolean): Uint8Array {
  const palettes = [1, 2, 3].map((channel) => palette(data, channel, signed));
  // Palettes of 16 bits that use only the lower 8 exist: three that are all below 256 are taken as those.
  const wide = palettes.some(({ bits, entries }) => bits > 8 && entries.some((entry) => entry > 255));
  const out = new Uint8Array(indices.length * 3);
  palettes.forEach(({ first, entries }, channel) => {
    const table = Uint8Array.from(entries, (entry) => (wide ? entry >> 8 : entry));
    const last = table.length - 1;
    for (let i = 0, to = channel; i < indices.length; i++, to += 3)
      out[to] = table[Math.max(0, Math.min((indices[i] ?? 0) - first, last))] ?? 0;
  });
  return out;
}

/** `channel` 1, 2, 3: red, green, blue. */
function palette(data: Dataset, channel: number, signed: boolean): Palette {
  const [count, first, bits] = numbers(data, `x0028110${channel}`, signed ? 'SS' : 'US');
  const length = count === 0 ? 65_536 : (count ?? 0) & 0xffff;
  if (first === undefined || bits === undefined || length === 0)
    throw refused('palette lookup tables for a PALETTE COLOR image', 'none that can be read', COPY_AGAIN);
  const plain = rawBytes(data, `x0028120${channel}`);
  const segmented = rawBytes(data, `x0028122${channel}`);
  const entries = plain
    ? plainEntries(data, plain, length, bits)
    : segmented
      ? expand(words(data, segmented), length)
      : [];
  if (entries.length < length) throw refused(`${length} entries in a palette`, `${entries.length}`, COPY_AGAIN);
  return { first, bits, entries: entries.slice(0, length) };
}

/** 8-bit entries may be packed two to a word. */
const plainEntries = (data: Dataset, bytes: Uint8Array, length: number, bits: number): number[] =>
  bits <= 8 && bytes.length < length * 2 ? [...unswapped(data, bytes)] : words(data, bytes);

function unswapped(data: Dataset, bytes: Uint8Array): Uint8Array {
  return data.littleEndian ? bytes : Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}

function words(data: Dataset, bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 1 }, (_, index) => view.getUint16(index * 2, data.littleEndian));
}

/** PS3.3 C.7.9.2: discrete (0), linear (1) and indirect (2) segments. Never more than `length` entries. */
function expand(segments: number[], length: number): number[] {
  const out: number[] = [];
  const run = (start: number, count: number, depth: number): void => {
    let at = start;
    for (let done = 0; done < count && at + 1 < segments.length && out.length < length; done++) {
      const kind = segments[at] ?? 0;
      const size = segments[at + 1] ?? 0;
      at += 2;
      if (kind === 0) {
        out.push(...segments.slice(at, at + Math.min(size, length - out.length)));
        at += size;
      } else if (kind === 1) {
        const from = out.at(-1) ?? 0;
        const to = segments[at++] ?? 0;
        for (let i = 1; i <= size && out.length < length; i++) out.push(Math.round(from + ((to - from) * i) / size));
      } else if (kind === 2 && depth === 0) {
        const offset = (segments[at] ?? 0) + (segments[at + 1] ?? 0) * 65_536;
        at += 2;
        run(offset >> 1, size, 1);
      } else throw refused('palette segments of type 0, 1 or 2', `type ${kind}`, COPY_AGAIN);
    }
  };
  run(0, Infinity, 0);
  return out;
}
