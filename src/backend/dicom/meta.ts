/** The first bytes of a file: preamble, `DICM`, file meta information (PS3.10 7.1), or a guess where they are missing. */
import { transferSyntax, type TransferSyntax } from './syntax.ts';

export type Preamble = 'empty' | 'tiff' | 'executable' | 'other';

export interface FileStart {
  preamble: Preamble;
  /** Whether the file says of itself that it is DICOM; without it the data set must prove it. */
  marked: boolean;
  syntax: TransferSyntax;
  /** (0002,0002), else empty. */
  mediaStorageSopClassUid: string;
  /** Offset of the data set. */
  dataset: number;
}

const PREAMBLE = 128;

/** Throws nothing: what is not DICOM comes out as a guess that the data set will not confirm. */
export function fileStart(bytes: Uint8Array): FileStart {
  const marked = latin1(bytes, PREAMBLE, 4) === 'DICM';
  const meta = readMeta(bytes, marked ? PREAMBLE + 4 : 0);
  const guess = guessSyntax(bytes, meta.end);
  const named = meta.transferSyntaxUid === '' ? guess : transferSyntax(meta.transferSyntaxUid);
  return {
    preamble: marked ? preambleOf(bytes) : 'empty',
    marked: marked || meta.transferSyntaxUid !== '',
    syntax: named.deflated ? named : asEncoded(named, guess),
    mediaStorageSopClassUid: meta.sopClassUid,
    dataset: meta.end,
  };
}

/** Files exist that name explicit VR and hold implicit VR, or the other way round: the first element decides. */
function asEncoded(named: TransferSyntax, guess: TransferSyntax): TransferSyntax {
  const littleEndian = named.littleEndian && guess.littleEndian;
  return littleEndian && named.explicit !== guess.explicit ? { ...named, explicit: guess.explicit } : named;
}

/** PS3.10 7.1: 128 bytes for whoever wants them. An executable's mark there makes the file run (NEMA's advisory of 2019). */
function preambleOf(bytes: Uint8Array): Preamble {
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (start.startsWith('4d5a') || start.startsWith('2321')) return 'executable';
  if (/^(7f454c46|feedface|feedfacf|cefaedfe|cffaedfe|cafebabe|bebafeca)$/.test(start)) return 'executable';
  if (/^(49492a00|4d4d002a|49492b00|4d4d002b)$/.test(start)) return 'tiff';
  return bytes.subarray(0, PREAMBLE).every((byte) => byte === 0) ? 'empty' : 'other';
}

/** Group 0002 is explicit VR little endian; its length element (0002,0000) is often wrong or missing and not used. */
function readMeta(bytes: Uint8Array, start: number): { transferSyntaxUid: string; sopClassUid: string; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meta = { transferSyntaxUid: '', sopClassUid: '', end: start };
  while (meta.end + 8 <= bytes.length && view.getUint16(meta.end, true) === 2) {
    const element = view.getUint16(meta.end + 2, true);
    const vr = latin1(bytes, meta.end + 4, 2);
    const long = /^(OB|OW|OF|OD|OL|OV|SQ|UC|UR|UT|UN|SV|UV)$/.test(vr);
    if (long && meta.end + 12 > bytes.length) break;
    const explicit = /^[A-Z]{2}$/.test(vr);
    const length = !explicit
      ? view.getUint32(meta.end + 4, true)
      : long
        ? view.getUint32(meta.end + 8, true)
        : view.getUint16(meta.end + 6, true);
    const value = meta.end + (long ? 12 : 8);
    if (value + length > bytes.length) break;
    if (element === 0x0010) meta.transferSyntaxUid = uid(bytes, value, length);
    if (element === 0x0002) meta.sopClassUid = uid(bytes, value, length);
    meta.end = value + length;
  }
  return meta;
}

/** By the first element: its group is small in the right byte order, its VR is two capitals when explicit. */
function guessSyntax(bytes: Uint8Array, position: number): TransferSyntax {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const explicit = /^[A-Z]{2}$/.test(latin1(bytes, position + 4, 2));
  if (position + 2 > bytes.length) return transferSyntax('1.2.840.10008.1.2.1');
  const bigEndian = explicit && view.getUint16(position, true) > view.getUint16(position, false);
  return transferSyntax(bigEndian ? '1.2.840.10008.1.2.2' : explicit ? '1.2.840.10008.1.2.1' : '1.2.840.10008.1.2');
}

const latin1 = (bytes: Uint8Array, start: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(start, start + length));

const uid = (bytes: Uint8Array, start: number, length: number): string =>
  latin1(bytes, start, Math.min(length, 128)).replace(/[\0 ]+$/, '');
