/** The elements of a data set, by dicom-parser, with what it cannot do: caps, newer and blank VRs, named truncation. */
import dicomParser, { type ByteStream, type Element } from 'dicom-parser';
import { inflateRawSync } from 'node:zlib';
import { AppError } from '#contract/errors.ts';
import { noImage } from './kinds.ts';
import { MAX_ELEMENTS, MAX_INFLATED_BYTES, MAX_NESTING } from './limits.ts';
import { fileStart, type FileStart } from './meta.ts';
import { COPY_AGAIN, refused } from './refuse.ts';
import type { TransferSyntax } from './syntax.ts';

/** Keys are dicom-parser's: `x00100010`. */
export type Elements = Record<string, Element>;

export interface Dataset {
  /** The whole file, inflated if it was deflated: offsets of elements point into it. */
  bytes: Uint8Array;
  elements: Elements;
  littleEndian: boolean;
  /** Inherited by the items of a sequence. */
  characterSets?: readonly string[];
}

export interface DicomData extends Dataset {
  start: FileStart;
  syntax: TransferSyntax;
}

export const PIXEL_DATA = 'x7fe00010';
export const FLOAT_PIXEL_DATA = 'x7fe00008';
export const DOUBLE_PIXEL_DATA = 'x7fe00009';
const PIXEL_TAGS = [PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA];

/** Throws AppError `refused`: not DICOM, cut off, nested too deep, inflating to too much. */
export function readDataset(file: Uint8Array): DicomData {
  if (file.length < 8) throw notDicom(file);
  const start = fileStart(file);
  const bytes = start.syntax.deflated ? inflated(file, start.dataset) : file;
  const elements: Elements = {};
  const { littleEndian, explicit } = start.syntax;
  const problem = readElements(bytes, start.dataset, { explicit, littleEndian }, elements);
  const credible = start.marked || 'x00080016' in elements || ('x00280010' in elements && hasPixels(elements));
  if (!credible) throw notDicom(file);
  // A report or an index that is damaged is still no image: that is the better thing to say.
  if (problem) throw (hasPixels(elements) ? null : noImage(start.mediaStorageSopClassUid)) ?? problem;
  checkNesting(elements);
  findFragments(bytes, elements, start.syntax);
  return { bytes, elements, littleEndian, start, syntax: start.syntax };
}

export const hasPixels = (elements: Elements): boolean => PIXEL_TAGS.some((tag) => tag in elements);

/** Fills `elements` as far as it comes; answers with what stopped it, or null. What follows the pixels may be rubbish. */
function readElements(
  bytes: Uint8Array,
  position: number,
  encoding: { explicit: boolean; littleEndian: boolean },
  elements: Elements,
): AppError | null {
  if (position + 8 > bytes.length) return null;
  const parser = encoding.littleEndian ? dicomParser.littleEndianByteArrayParser : dicomParser.bigEndianByteArrayParser;
  const stream = new dicomParser.ByteStream(parser, bytes, position);
  let count = 0;
  let pixels = false;
  while (stream.position + 8 <= bytes.length) {
    const at = stream.position;
    let element: Element;
    try {
      element = encoding.explicit ? readExplicit(stream) : readImplicit(stream);
    } catch (thrown) {
      return pixels ? null : unreadable(thrown, at, bytes.length);
    }
    if (++count > MAX_ELEMENTS) return tooMuch(`at most ${MAX_ELEMENTS} elements`, 'more');
    elements[element.tag] ??= element;
    if (stream.position > bytes.length) {
      if (pixels) return null;
      const missing = stream.position - bytes.length;
      return refused('a whole file', `one that ends ${missing} bytes early, inside ${words(element.tag)}`, COPY_AGAIN);
    }
    pixels ||= PIXEL_TAGS.includes(element.tag);
  }
  return null;
}

const LONG_VRS_UNKNOWN_TO_PARSER = new Set(['SV', 'UV', 'OV']);

/** PS3.5 7.1.2. SV, UV and OV have 32-bit lengths; a VR that is no pair of capitals is taken as implicit. */
function readExplicit(stream: ByteStream): Element {
  const { byteArray, position } = stream;
  const vr = String.fromCharCode(byteArray[position + 4] ?? 0, byteArray[position + 5] ?? 0);
  const long = LONG_VRS_UNKNOWN_TO_PARSER.has(vr);
  if (!long && /^[A-Z]{2}$/.test(vr)) return dicomParser.readDicomElementExplicit(stream, []);
  const tag = dicomParser.readTag(stream);
  const blank = vr === '  ' || vr === '\0\0';
  if (blank) {
    // Two blank letters stand where the VR should be: a 16-bit length follows them.
    stream.seek(2);
    const length = stream.readUint16();
    const element = { tag, length, dataOffset: stream.position };
    stream.seek(length);
    return element;
  }
  if (long) stream.seek(4);
  const length = stream.readUint32();
  const element = { tag, length, dataOffset: stream.position, ...(long ? { vr } : {}) };
  stream.seek(length);
  return element;
}

/** Without a dictionary sequences are told by their first item; pixel data must never be mistaken for one. */
const readImplicit = (stream: ByteStream): Element =>
  dicomParser.readDicomElementImplicit(
    stream,
    undefined,
    // The declared type wants a string; the program itself asks for undefined where the VR is not known.
    ((tag: string) => (tag === PIXEL_DATA ? 'OW' : undefined)) as (tag: string) => string,
  );

/** Compressed pixels written with a length, or in a data set whose VRs are blank: their items are found all the same. */
function findFragments(bytes: Uint8Array, elements: Elements, syntax: TransferSyntax): void {
  const element = elements[PIXEL_DATA];
  if (!element || element.fragments || syntax.codec === 'native') return;
  const at = element.dataOffset;
  const isItem = [0xfe, 0xff, 0x00, 0xe0].every((byte, index) => bytes[at + index] === byte);
  if (!isItem) return;
  const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, at);
  try {
    dicomParser.findEndOfEncapsulatedElement(stream, element, []);
  } catch (thrown) {
    throw unreadable(thrown, at, bytes.length);
  }
}

function inflated(file: Uint8Array, position: number): Uint8Array {
  try {
    const body = inflateRawSync(file.subarray(position), { maxOutputLength: MAX_INFLATED_BYTES - position });
    const whole = new Uint8Array(position + body.length);
    whole.set(file.subarray(0, position));
    whole.set(body, position);
    return whole;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw tooMuch(`at most ${MAX_INFLATED_BYTES / 2 ** 20} MiB of inflated data`, 'more');
    if (code === 'Z_BUF_ERROR') throw refused('a whole file', 'a deflated data set that is cut off', COPY_AGAIN);
    throw refused('a deflated data set', 'data that cannot be inflated', COPY_AGAIN);
  }
}

function checkNesting(elements: Elements): void {
  const open: { elements: Elements; depth: number }[] = [{ elements, depth: 0 }];
  for (let level = open.pop(); level; level = open.pop()) {
    if (level.depth > MAX_NESTING) throw tooMuch(`at most ${MAX_NESTING} nested sequences`, 'more');
    for (const element of Object.values(level.elements))
      for (const item of element.items ?? [])
        if (item.dataSet) open.push({ elements: item.dataSet.elements, depth: level.depth + 1 });
  }
}

/** dicom-parser throws strings; a stack overflow comes from sequences nested by the thousand. */
function unreadable(thrown: unknown, at: number, length: number): AppError {
  if (thrown instanceof RangeError) return tooMuch(`at most ${MAX_NESTING} nested sequences`, 'thousands');
  const found = `one that cannot be read at byte ${at} of ${length}`;
  return refused('a whole DICOM data set', found, COPY_AGAIN);
}

function notDicom(file: Uint8Array): AppError {
  const found = file.length === 0 ? 'an empty file' : 'another kind of file';
  return refused('a DICOM file, PNG or JPEG', found, 'Open a DICOM file.');
}

const tooMuch = (expected: string, found: string): AppError =>
  refused(expected, found, 'The file is damaged or hostile; do not open it elsewhere.');

/** `x7fe00010` → `(7FE0,0010)`. */
export const words = (tag: string): string => `(${tag.slice(1, 5).toUpperCase()},${tag.slice(5, 9).toUpperCase()})`;
