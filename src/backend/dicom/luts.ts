/** Modality and VOI lookup tables from their sequences (PS3.3 C.11.1, C.11.2). */
import type { Lut } from '#core/imaging/header.ts';
import type { Dataset } from './dataset.ts';
import { text } from './text.ts';
import { items, numbers, rawBytes } from './values.ts';

/** The readable tables of a LUT sequence; `signed` is the sign of the values that go in. */
export const luts = (data: Dataset, sequence: string, signed: boolean): Lut[] =>
  items(data, sequence).flatMap((item) => {
    const lut = lutOf(item, signed);
    return lut ? [lut] : [];
  });

/** (0028,3002): number of entries (0 means 65536), first mapped value, bits an entry; (0028,3006): the entries. */
function lutOf(item: Dataset, signed: boolean): Lut | null {
  const [count] = numbers(item, 'x00283002', 'US').map((value) => value & 0xffff);
  const bits = numbers(item, 'x00283002', 'US')[2];
  const firstMapped = firstMappedOf(item, signed);
  const bytes = rawBytes(item, 'x00283006');
  if (count === undefined || bits === undefined || firstMapped === null || !bytes) return null;
  const length = count === 0 ? 65_536 : count;
  const packed = bits <= 8 && bytes.length < length * 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = packed
    ? [...bytes.subarray(0, length)]
    : Array.from({ length: Math.min(length, bytes.length >> 1) }, (_, index) =>
        view.getUint16(index * 2, item.littleEndian),
      );
  if (data.length < length || !Number.isInteger(bits) || bits < 1 || bits > 16) return null;
  return { firstMapped, bits, data, explanation: text(item, 'x00283003') };
}

/** The second value has the sign of the input, whatever VR the file gave the element (PS3.3 C.11.1.1.1). */
function firstMappedOf(item: Dataset, signed: boolean): number | null {
  const value = numbers(item, 'x00283002', 'US')[1];
  if (value === undefined) return null;
  const word = value & 0xffff;
  return signed && word > 0x7fff ? word - 0x10000 : word;
}
