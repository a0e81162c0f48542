/** Tells pictures from DICOM by their first bytes. */

export type PictureKind = 'png' | 'jpeg';

export function pictureKind(bytes: Uint8Array): PictureKind | null {
  const starts = (...magic: number[]): boolean => magic.every((byte, index) => bytes[index] === byte);
  // A DICOM file may carry any preamble, a PNG's or JPEG's among them.
  const dicm = [0x44, 0x49, 0x43, 0x4d].every((byte, index) => bytes[128 + index] === byte);
  if (dicm) return null;
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  return starts(0xff, 0xd8, 0xff) ? 'jpeg' : null;
}
