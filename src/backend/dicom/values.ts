/** Values of elements as DICOM means them: padded, multi-valued, sometimes not what their VR promises (PS3.5 6.2). */
import type { Element } from 'dicom-parser';
import type { Dataset } from './dataset.ts';

export type NumberVr = 'US' | 'SS' | 'UL' | 'SL' | 'FL' | 'FD' | 'DS' | 'IS';

/** The raw bytes of an element, cut where the file ends; null when it is absent or empty. */
export function rawBytes(data: Dataset, tag: string): Uint8Array | null {
  const element = data.elements[tag];
  if (!element || element.length === 0 || element.items) return null;
  const bytes = data.bytes.subarray(element.dataOffset, element.dataOffset + element.length);
  return bytes.length === 0 ? null : bytes;
}

/** All values of a text element of the default repertoire (CS, UI, DA, AS …), trimmed of spaces and nulls. */
export function codes(data: Dataset, tag: string): string[] {
  const bytes = rawBytes(data, tag);
  if (!bytes) return [];
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 65_536))
    .toString('latin1')
    .split('\\')
    .map(trimmed);
}

/** The first value, or empty. */
export const code = (data: Dataset, tag: string): string => codes(data, tag)[0] ?? '';

/** Numbers of any VR; `vr` counts where the file names none (implicit VR, UN). What is no number is NaN. */
export function numbers(data: Dataset, tag: string, vr: NumberVr): number[] {
  const bytes = rawBytes(data, tag);
  if (!bytes) return [];
  const named = data.elements[tag]?.vr ?? vr;
  return numbersOf(bytes, isNumberVr(named) ? named : vr, data.littleEndian);
}

/** The first value that is a finite number, else null. */
export function number(data: Dataset, tag: string, vr: NumberVr): number | null {
  const value = numbers(data, tag, vr)[0];
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** The first value without its fraction; null also where it is no number that can be counted with exactly. */
export function integer(data: Dataset, tag: string, vr: NumberVr): number | null {
  const value = Math.trunc(number(data, tag, vr) ?? NaN);
  return Number.isSafeInteger(value) ? value : null;
}

/** (0008,0005) of this data set, or of the one around it (PS3.5 7.5.3). */
export function characterSets(data: Dataset): readonly string[] {
  const own = codes(data, 'x00080005');
  return own.length > 0 ? own : (data.characterSets ?? []);
}

/** The data sets of a sequence's items. */
export function items(data: Dataset, tag: string): Dataset[] {
  const { bytes, littleEndian } = data;
  return (data.elements[tag]?.items ?? []).flatMap(({ dataSet }: Element) =>
    dataSet ? [{ bytes, elements: dataSet.elements, littleEndian, characterSets: characterSets(data) }] : [],
  );
}

export const trimmed = (text: string): string => text.replace(/^[ \0]+|[ \0]+$/g, '');

const WIDTHS = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 } as const;
const isNumberVr = (vr: string): vr is NumberVr => vr in WIDTHS || vr === 'DS' || vr === 'IS';

function numbersOf(bytes: Uint8Array, vr: NumberVr, little: boolean): number[] {
  if (vr === 'DS' || vr === 'IS')
    return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 65_536))
      .toString('latin1')
      .split('\\')
      .map((text) => decimal(trimmed(text)));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = WIDTHS[vr];
  return Array.from({ length: Math.floor(bytes.length / width) }, (_, index) => {
    const at = index * width;
    if (vr === 'US') return view.getUint16(at, little);
    if (vr === 'SS') return view.getInt16(at, little);
    if (vr === 'UL') return view.getUint32(at, little);
    if (vr === 'SL') return view.getInt32(at, little);
    return vr === 'FL' ? view.getFloat32(at, little) : view.getFloat64(at, little);
  });
}

/** A DS or IS (PS3.5 6.2); a decimal comma, units or words make it NaN rather than another number, as does 1e999. */
function decimal(text: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/** DA (PS3.5 6.2), also in the old form with dots; empty when it is no date. */
export function date(value: string): string {
  const digits = value.replaceAll('.', '');
  return /^\d{8}$/.test(digits) ? digits : '';
}
