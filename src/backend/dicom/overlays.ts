/** Overlay planes (groups 6000 to 601E, PS3.3 C.9.2): their own bits, or those hidden above the stored bits of pixels. */
import type { Overlay } from '#core/imaging/header.ts';
import type { DicomData } from './dataset.ts';
import type { PixelFormat } from './format.ts';
import { code, integer, numbers, rawBytes } from './values.ts';

const GROUPS = 16;

/** First frame of each plane that can be read; one that contradicts itself is left out. */
export function overlays(data: DicomData, format: PixelFormat): Overlay[] {
  return Array.from({ length: GROUPS }, (_, index) => 0x6000 + 2 * index).flatMap((group) => {
    const tag = (element: string): string => `x${group.toString(16)}${element}`;
    const rows = integer(data, tag('0010'), 'US') ?? 0;
    const columns = integer(data, tag('0011'), 'US') ?? 0;
    if (rows < 1 || columns < 1) return [];
    const bytes = Math.ceil((rows * columns) / 8);
    const own = rawBytes(data, tag('3000'));
    const bits = own
      ? own.subarray(0, bytes)
      : embedded(data, format, integer(data, tag('0102'), 'US') ?? 0, rows, columns);
    if (!bits || bits.length < bytes) return [];
    const [originRow = 1, originColumn = 1] = numbers(data, tag('0050'), 'SS').map(Math.trunc);
    if (!Number.isSafeInteger(originRow) || !Number.isSafeInteger(originColumn)) return [];
    return [
      {
        group,
        rows,
        columns,
        originRow,
        originColumn,
        type: code(data, tag('0040')),
        label: code(data, tag('1500')),
        bits: new Uint8Array(data.littleEndian || !own ? bits : swapped(bits)),
      },
    ];
  });
}

/** Until 2004 an overlay could lie in an unused bit of 16-bit native pixels (retired form of PS3.5 8.1.2). */
function embedded(data: DicomData, format: PixelFormat, bit: number, rows: number, columns: number): Uint8Array | null {
  const element = data.elements[format.source];
  const unused = bit > format.highBit || bit <= format.highBit - format.bitsStored;
  if (!element || element.fragments || format.bitsAllocated !== 16 || !unused || bit > 15) return null;
  const pixels = rows * columns;
  if (rows !== format.rows || columns !== format.columns || element.length < pixels * 2) return null;
  if (element.dataOffset + pixels * 2 > data.bytes.length) return null;
  const bits = new Uint8Array(Math.ceil(pixels / 8));
  const byte = element.dataOffset + (bit >= 8 === data.littleEndian ? 1 : 0);
  for (let i = 0; i < pixels; i++) {
    const set = ((data.bytes[byte + 2 * i] ?? 0) >> (bit & 7)) & 1;
    bits[i >> 3] = (bits[i >> 3] ?? 0) | (set << (i & 7));
  }
  return bits;
}

const swapped = (bits: Uint8Array): Uint8Array => Buffer.from(bits.subarray(0, bits.length & ~1)).swap16();
