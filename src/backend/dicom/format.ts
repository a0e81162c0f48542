/** What the header says of its pixels (PS3.3 C.7.6.3), checked before anything is allocated. */
import { DOUBLE_PIXEL_DATA, FLOAT_PIXEL_DATA, PIXEL_DATA, type Dataset } from './dataset.ts';
import { MAX_FRAME_PIXELS } from './limits.ts';
import { COPY_AGAIN, quoted, refused } from './refuse.ts';
import { code, integer, number } from './values.ts';

export interface PixelFormat {
  rows: number;
  columns: number;
  frames: number;
  samplesPerPixel: 1 | 3;
  photometric: string;
  /** Planes one after another (1) rather than pixel by pixel (0); PS3.3 C.7.6.3.1.3. */
  planar: boolean;
  bitsAllocated: 1 | 8 | 16 | 32 | 64;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  /** Where the samples are: (7FE0,0010), or the float and double forms of PS3.3 C.7.6.24 and C.7.6.25. */
  source: typeof PIXEL_DATA | typeof FLOAT_PIXEL_DATA | typeof DOUBLE_PIXEL_DATA;
  /** Stored values that are no anatomy (PS3.3 C.7.5.1.1.2), low and high end; null when none. */
  padding: { low: number; high: number } | null;
}

const GREY = ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR'];
const COLOUR = ['RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_PARTIAL_422', 'YBR_PARTIAL_420', 'YBR_ICT', 'YBR_RCT'];

/** Throws AppError `refused` for what is missing, contradictory or too large. */
export function pixelFormat(data: Dataset): PixelFormat {
  const rows = required(data, 'x00280010', 'Rows');
  const columns = required(data, 'x00280011', 'Columns');
  if (rows * columns > MAX_FRAME_PIXELS)
    throw refused(
      `at most ${MAX_FRAME_PIXELS / 1e6} million pixels a frame`,
      `${columns} × ${rows}`,
      'The header is damaged, or the film must be exported smaller.',
    );
  const source = pixelSource(data);
  const samples = integer(data, 'x00280002', 'US') ?? 1;
  const photometric = code(data, 'x00280004').toUpperCase();
  const samplesPerPixel = checkedSamples(samples, photometric);
  const bits = source === PIXEL_DATA ? integerBits(data) : floatBits(source);
  return {
    rows,
    columns,
    frames: frameCount(data),
    samplesPerPixel,
    photometric,
    planar: samplesPerPixel === 3 && integer(data, 'x00280006', 'US') === 1,
    ...bits,
    source,
    padding: source === PIXEL_DATA ? padding(data, bits.signed) : null,
  };
}

/** A count beyond all counting stays one: so many frames are not there, and the file is refused for that. */
function frameCount(data: Dataset): number {
  const count = Math.trunc(number(data, 'x00280008', 'IS') ?? 1);
  return Math.max(1, Math.min(count, Number.MAX_SAFE_INTEGER));
}

function pixelSource(data: Dataset): PixelFormat['source'] {
  if (PIXEL_DATA in data.elements) return PIXEL_DATA;
  return FLOAT_PIXEL_DATA in data.elements ? FLOAT_PIXEL_DATA : DOUBLE_PIXEL_DATA;
}

function required(data: Dataset, tag: string, name: string): number {
  const value = integer(data, tag, 'US');
  if (value === null || value < 1) throw refused(`${name} in the header`, value === null ? 'none' : '0', COPY_AGAIN);
  return value;
}

function checkedSamples(samples: number, photometric: string): 1 | 3 {
  const todo = 'Export it as MONOCHROME2 or RGB and open that.';
  if (samples === 1 && GREY.includes(photometric)) return 1;
  if (samples === 3 && COLOUR.includes(photometric)) return 3;
  throw refused(
    'a grey, palette, RGB or YBR image',
    `photometric interpretation "${quoted(photometric)}" with ${samples} samples a pixel`,
    todo,
  );
}

function integerBits(data: Dataset): Pick<PixelFormat, 'bitsAllocated' | 'bitsStored' | 'highBit' | 'signed'> {
  const bitsAllocated = integer(data, 'x00280100', 'US') ?? 0;
  if (bitsAllocated !== 1 && bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32)
    throw refused('1, 8, 16 or 32 bits allocated', `${bitsAllocated}`, 'Export it with 8 or 16 bits and open that.');
  const bitsStored = integer(data, 'x00280101', 'US') ?? bitsAllocated;
  const highBit = integer(data, 'x00280102', 'US') ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit < bitsStored - 1 || highBit >= bitsAllocated)
    throw refused(
      'bits stored that fit into the bits allocated',
      `${bitsStored} stored, high bit ${highBit}, ${bitsAllocated} allocated`,
      COPY_AGAIN,
    );
  return { bitsAllocated, bitsStored, highBit, signed: integer(data, 'x00280103', 'US') === 1 };
}

function floatBits(source: string): Pick<PixelFormat, 'bitsAllocated' | 'bitsStored' | 'highBit' | 'signed'> {
  const bitsAllocated = source === FLOAT_PIXEL_DATA ? 32 : 64;
  return { bitsAllocated, bitsStored: bitsAllocated, highBit: bitsAllocated - 1, signed: true };
}

/** (0028,0120) and (0028,0121) have the sign of the pixels; their VR in the file is often the wrong one of US and SS. */
function padding(data: Dataset, signed: boolean): PixelFormat['padding'] {
  const value = paddingValue(data, 'x00280120', signed);
  if (value === null) return null;
  const limit = paddingValue(data, 'x00280121', signed) ?? value;
  return { low: Math.min(value, limit), high: Math.max(value, limit) };
}

function paddingValue(data: Dataset, tag: string, signed: boolean): number | null {
  const element = data.elements[tag];
  if (!element || element.length < 2) return null;
  const view = new DataView(data.bytes.buffer, data.bytes.byteOffset, data.bytes.byteLength);
  if (element.dataOffset + 2 > data.bytes.length) return null;
  return signed
    ? view.getInt16(element.dataOffset, data.littleEndian)
    : view.getUint16(element.dataOffset, data.littleEndian);
}
