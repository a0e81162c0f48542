/** Main header and tile-parts of a JPEG 2000 codestream (ITU-T T.800 annex A; T.814 has the same), bare or in a JP2 box. */
import { COPY_AGAIN, refused } from '../refuse.ts';
import type { Codestream } from './decompressed.ts';

export interface J2kHeader extends Codestream {
  signed: boolean;
  /** Whether the codestream carries a component transform (RCT or ICT): then its three components decode to RGB. */
  componentTransform: boolean;
}

const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const SOT = 0xff90;

/** Throws AppError `refused` where a header is missing or a tile-part is longer than the data. */
export function j2kHeader(whole: Uint8Array): J2kHeader {
  const bytes = codestreamOf(whole);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: Omit<J2kHeader, 'componentTransform'> | null = null;
  let componentTransform: boolean | null = null;
  for (let at = 2; at + 12 <= bytes.length;) {
    const marker = view.getUint16(at);
    if (marker === SOT) {
      if (!size || componentTransform === null) break;
      checkTileParts(view, at);
      return { ...size, componentTransform };
    }
    const length = view.getUint16(at + 2);
    if (marker === SIZ && at + 42 <= bytes.length) size = sizeOf(view, at + 4);
    if (marker === COD && at + 14 <= bytes.length) componentTransform = view.getUint8(at + 8) === 1;
    if (marker < 0xff00 || length < 2) break;
    at += 2 + length;
  }
  throw refused('a JPEG 2000 codestream with its headers', 'one without', COPY_AGAIN);
}

/** SIZ (T.800 A.5.1); all components must be of one kind. */
function sizeOf(view: DataView, body: number): Omit<J2kHeader, 'componentTransform'> {
  const components = view.getUint16(body + 34);
  const first = view.getUint8(body + 36);
  return {
    columns: view.getUint32(body + 2) - view.getUint32(body + 10),
    rows: view.getUint32(body + 6) - view.getUint32(body + 14),
    components,
    precision: (first & 0x7f) + 1,
    signed: first >= 0x80,
  };
}

/** Psot is the length of a tile-part from its SOT marker on; 0 means "until the end" (T.800 A.4.2). */
function checkTileParts(view: DataView, start: number): void {
  for (let at = start; at + 12 <= view.byteLength && view.getUint16(at) === SOT;) {
    const length = view.getUint32(at + 6);
    if (length === 0) return;
    if (length < 14) throw refused('JPEG 2000 tile-parts', 'one of no length', COPY_AGAIN);
    if (at + length > view.byteLength)
      throw refused(
        'a whole JPEG 2000 frame',
        `one that ends ${at + length - view.byteLength} bytes early`,
        COPY_AGAIN,
      );
    at += length;
  }
}

/** DICOM wants the bare codestream (PS3.5 A.4.4); some writers wrap it into JP2 boxes. */
function codestreamOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 40) throw refused('a JPEG 2000 frame', `${bytes.length} bytes`, COPY_AGAIN);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0) === SOC) return bytes;
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = view.getUint32(at);
    if (view.getUint32(at + 4) === 0x6a703263) return bytes.subarray(at + 8);
    if (length < 8) break;
    at += length;
  }
  throw refused('a JPEG 2000 codestream', 'other data', COPY_AGAIN);
}
