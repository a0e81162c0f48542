/** Finds the bytes of one frame: a slice of native pixel data, or the fragments of an encapsulated one (PS3.5 A.4). */
import type { Element, Fragment } from 'dicom-parser';
import type { DicomData } from './dataset.ts';
import type { PixelFormat } from './format.ts';
import { COPY_AGAIN, refused } from './refuse.ts';
import { rawBytes } from './values.ts';

export interface FrameBytes {
  bytes: Uint8Array;
  encapsulated: boolean;
  /** For one-bit native pixels: where in the first byte the frame begins, least significant bit first. */
  firstBit: number;
}

/** `frame` counts from 0. Throws AppError `refused` when there is no such frame or the file is cut off. */
export function frameBytes(data: DicomData, format: PixelFormat, frame: number): FrameBytes {
  const element = data.elements[format.source];
  if (!element) throw refused('pixel data', 'none', COPY_AGAIN);
  if (frame >= format.frames)
    throw refused(`a frame of 1 to ${format.frames}`, `frame ${frame + 1}`, 'Choose another frame.');
  if (!element.fragments)
    return isWordSwapped(data, element, format)
      ? nativeFrame(swappedWords(data, element), { ...element, dataOffset: 0 }, format, frame)
      : nativeFrame(data.bytes, element, format, frame);
  const fragments = fragmentsOf(data, element, format, frame);
  return { bytes: joined(data.bytes, fragments), encapsulated: true, firstBit: 0 };
}

/** Bytes of one native frame; PS3.3 C.7.6.3.1.2: YBR_FULL_422 keeps two of each four chrominance samples. */
export function nativeFrameBits(format: PixelFormat, elementLength: number): number {
  const samples = format.rows * format.columns * format.samplesPerPixel;
  const full = samples * format.bitsAllocated;
  const halved = /_422$/.test(format.photometric) && elementLength * 8 < full * format.frames;
  return halved ? (full / 3) * 2 : full;
}

function nativeFrame(bytes: Uint8Array, element: Element, format: PixelFormat, frame: number): FrameBytes {
  const bits = nativeFrameBits(format, element.length);
  const available = Math.min(element.length, bytes.length - element.dataOffset);
  const needed = Math.ceil((bits * format.frames) / 8);
  if (available < needed)
    throw refused(
      `${needed} bytes of pixel data (${format.columns} × ${format.rows}, ${plural(format.frames, 'frame')})`,
      `${available}: the file is cut off`,
      COPY_AGAIN,
    );
  const firstBit = bits * frame;
  const start = element.dataOffset + Math.floor(firstBit / 8);
  const end = element.dataOffset + Math.ceil((firstBit + bits) / 8);
  return { bytes: bytes.subarray(start, end), encapsulated: false, firstBit: firstBit % 8 };
}

/** Big endian with VR OW: samples of 8 bits and of 1 bit stand in swapped words too (PS3.5 7.3 and 8.1.1). */
const isWordSwapped = (data: DicomData, element: Element, format: PixelFormat): boolean =>
  !data.littleEndian && format.bitsAllocated <= 8 && element.vr === 'OW';

function swappedWords(data: DicomData, element: Element): Uint8Array {
  const words = data.bytes.subarray(element.dataOffset, element.dataOffset + (element.length & ~1));
  return Buffer.from(words.subarray(0, words.length & ~1)).swap16();
}

function fragmentsOf(data: DicomData, element: Element, format: PixelFormat, frame: number): Fragment[] {
  const fragments = element.fragments ?? [];
  const last = fragments.at(-1);
  if (!last) throw refused('compressed pixel data', 'none', COPY_AGAIN);
  const missing = last.position + last.length - data.bytes.length;
  if (missing > 0) throw refused('a whole file', `pixel data that end ${missing} bytes early`, COPY_AGAIN);
  if (format.frames === 1) return fragments;
  const groups =
    groupsByOffsets(fragments, element.basicOffsetTable ?? [], format.frames) ??
    groupsByOffsets(fragments, extendedOffsets(data), format.frames) ??
    (fragments.length === format.frames ? fragments.map((fragment) => [fragment]) : null) ??
    groupsByCodestream(data.bytes, fragments);
  const group = groups.length === format.frames ? groups[frame] : undefined;
  if (!group)
    throw refused(plural(format.frames, 'compressed frame'), `${groups.length}: the file is cut off`, COPY_AGAIN);
  return group;
}

/** Offsets count from the first fragment's item tag. Null when the table does not fit the fragments: many are wrong. */
function groupsByOffsets(fragments: Fragment[], offsets: number[], frames: number): Fragment[][] | null {
  if (offsets.length !== frames) return null;
  const starts = new Map(fragments.map((fragment, index) => [fragment.offset, index]));
  const firsts = offsets.map((offset) => starts.get(offset));
  const groups = firsts.map((first, index) =>
    first === undefined ? [] : fragments.slice(first, firsts[index + 1] ?? fragments.length),
  );
  const whole = firsts[0] === 0 && groups.every((group) => group.length > 0);
  return whole && groups.flat().length === fragments.length ? groups : null;
}

/** (7FE0,0001) Extended Offset Table, 64-bit (PS3.3 C.7.6.3.1.8). */
function extendedOffsets(data: DicomData): number[] {
  const bytes = rawBytes(data, 'x7fe00001');
  if (!bytes) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, index) => Number(view.getBigUint64(index * 8, true)));
}

/** Without offsets a frame begins where a codestream does: SOI of JPEG and JPEG-LS, SOC of JPEG 2000. */
function groupsByCodestream(bytes: Uint8Array, fragments: Fragment[]): Fragment[][] {
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    const begins =
      bytes[fragment.position] === 0xff &&
      (bytes[fragment.position + 1] === 0xd8 || bytes[fragment.position + 1] === 0x4f);
    const group = groups.at(-1);
    if (begins || !group) groups.push([fragment]);
    else group.push(fragment);
  }
  return groups;
}

function joined(bytes: Uint8Array, fragments: Fragment[]): Uint8Array {
  const parts = fragments.map(({ position, length }) => bytes.subarray(position, position + length));
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
