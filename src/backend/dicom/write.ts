/** Writes DICOM Part 10 files (PS3.10 7.1): explicit VR little endian, text in UTF-8 (ISO_IR 192). */
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION } from './uid.ts';

export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

type TextVr = 'AE' | 'AS' | 'CS' | 'DA' | 'DT' | 'LO' | 'LT' | 'PN' | 'SH' | 'ST' | 'TM' | 'UI' | 'UT';
type NumberVr = 'US' | 'SS' | 'UL' | 'SL' | 'FL' | 'FD';
type BytesVr = 'OB' | 'OW';

/** A tag such as `0010,0010`, its VR and its values; without values the element is empty. */
export type Element =
  | readonly [tag: string, vr: TextVr, ...values: string[]]
  | readonly [tag: string, vr: 'DS' | 'IS', ...values: (string | number)[]]
  | readonly [tag: string, vr: NumberVr, ...values: number[]]
  | readonly [tag: string, vr: BytesVr, bytes: Uint8Array]
  | readonly [tag: string, vr: 'SQ', ...items: (readonly Element[])[]];

export interface DicomFile {
  sopClassUid: string;
  sopInstanceUid: string;
  /** In any order; SOPClassUID, SOPInstanceUID and SpecificCharacterSet are added. */
  elements: readonly Element[];
  /** Sequences and items with delimiters in place of lengths (PS3.5 7.5). */
  undefinedLengths?: boolean;
}

/** The whole file. Throws a RangeError for a tag given twice or a value that its VR cannot hold. */
export function writeDicom(file: DicomFile): Uint8Array {
  const undefinedLengths = file.undefinedLengths ?? false;
  const body = dataset(
    [
      ...file.elements,
      ['0008,0005', 'CS', 'ISO_IR 192'],
      ['0008,0016', 'UI', file.sopClassUid],
      ['0008,0018', 'UI', file.sopInstanceUid],
    ],
    undefinedLengths,
  );
  const meta = dataset(
    [
      ['0002,0001', 'OB', Uint8Array.of(0, 1)],
      ['0002,0002', 'UI', file.sopClassUid],
      ['0002,0003', 'UI', file.sopInstanceUid],
      ['0002,0010', 'UI', EXPLICIT_LITTLE_ENDIAN],
      ['0002,0012', 'UI', IMPLEMENTATION_CLASS_UID],
      ['0002,0013', 'SH', IMPLEMENTATION_VERSION],
    ],
    undefinedLengths,
  );
  const groupLength = encodeElement(['0002,0000', 'UL', meta.byteLength], false);
  return join([new Uint8Array(128), text('DICM'), groupLength, meta, body]);
}

const UNDEFINED_LENGTH = 0xffffffff;
/** VRs with two reserved bytes and a 32-bit length (PS3.5 table 7.1-1). */
const LONG = new Set(['OB', 'OW', 'SQ', 'UT']);

function dataset(elements: readonly Element[], undefinedLengths: boolean): Uint8Array {
  const sorted = elements.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  sorted.forEach(([tag], index) => {
    if (!/^[0-9a-f]{4},[0-9a-f]{4}$/.test(tag))
      throw new RangeError(`expected a tag such as 0010,0010 in lower case, found ${tag}`);
    if (tag === sorted[index + 1]?.[0]) throw new RangeError(`expected every tag once, found ${tag} twice`);
  });
  return join(sorted.map((element) => encodeElement(element, undefinedLengths)));
}

function encodeElement(element: Element, undefinedLengths: boolean): Uint8Array {
  const [tag, vr] = element;
  const open = vr === 'SQ' && undefinedLengths;
  const value = valueOf(element, undefinedLengths);
  const long = LONG.has(vr);
  if (!long && value.byteLength > 0xfffe)
    throw new RangeError(`expected at most 65534 bytes in ${tag} ${vr}, found ${value.byteLength}`);
  const head = new Uint8Array(long ? 12 : 8);
  const view = new DataView(head.buffer);
  writeTag(view, tag);
  head.set(text(vr), 4);
  if (long) view.setUint32(8, open ? UNDEFINED_LENGTH : value.byteLength, true);
  else view.setUint16(6, value.byteLength, true);
  return join(open ? [head, value, bare('fffe,e0dd', 0)] : [head, value]);
}

function valueOf(element: Element, undefinedLengths: boolean): Uint8Array {
  const [tag, vr, ...values] = element;
  switch (vr) {
    case 'SQ':
      return join(
        (values as (readonly Element[])[]).flatMap((item) => {
          const bytes = dataset(item, undefinedLengths);
          return undefinedLengths
            ? [bare('fffe,e000', UNDEFINED_LENGTH), bytes, bare('fffe,e00d', 0)]
            : [bare('fffe,e000', bytes.byteLength), bytes];
        }),
      );
    case 'OB':
    case 'OW':
      return even((values as Uint8Array[])[0] ?? new Uint8Array(), 0);
    case 'US':
    case 'SS':
    case 'UL':
    case 'SL':
    case 'FL':
    case 'FD':
      return numbers(tag, vr, values as number[]);
    case 'DS':
      return even(text((values as (string | number)[]).map(decimal).join('\\')), 0x20);
    default:
      return even(text((values as (string | number)[]).join('\\')), vr === 'UI' ? 0 : 0x20);
  }
}

const WIDTH = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 } as const;
const LIMITS = { US: [0, 0xffff], SS: [-0x8000, 0x7fff], UL: [0, 0xffffffff], SL: [-0x80000000, 0x7fffffff] } as const;

function numbers(tag: string, vr: NumberVr, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * WIDTH[vr]);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    const at = index * WIDTH[vr];
    if (vr === 'FL') return view.setFloat32(at, value, true);
    if (vr === 'FD') return view.setFloat64(at, value, true);
    const [low, high] = LIMITS[vr];
    if (!Number.isInteger(value) || value < low || value > high)
      throw new RangeError(`expected an integer of ${low} to ${high} in ${tag} ${vr}, found ${value}`);
    if (vr === 'US') view.setUint16(at, value, true);
    else if (vr === 'SS') view.setInt16(at, value, true);
    else if (vr === 'UL') view.setUint32(at, value, true);
    else view.setInt32(at, value, true);
  });
  return bytes;
}

/** A decimal string of at most 16 characters (PS3.5 6.2, DS). */
function decimal(value: string | number): string {
  if (typeof value === 'string') return value;
  for (let digits = 15; digits > 0; digits--) {
    const rounded = Number(value.toPrecision(digits));
    const short = [String(rounded), rounded.toExponential()].find((text) => text.length <= 16);
    if (short !== undefined) return short;
  }
  throw new RangeError(`expected a number that 16 characters can hold, found ${value}`);
}

function bare(tag: string, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  writeTag(view, tag);
  view.setUint32(4, length, true);
  return bytes;
}

function writeTag(view: DataView, tag: string): void {
  view.setUint16(0, parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, parseInt(tag.slice(5), 16), true);
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const even = (bytes: Uint8Array, padding: number): Uint8Array =>
  bytes.byteLength % 2 === 0 ? bytes : join([bytes, Uint8Array.of(padding)]);

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
