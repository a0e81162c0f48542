/** Small films for tests: a whole DICOM file of which single elements can be replaced or left out. */
import { writeDicom, type Element } from '../../src/backend/dicom/write.ts';

export const DX = '1.2.840.10008.5.1.4.1.1.1.1';

/** 2 rows × 3 columns, 16 bits, values 0 … 5; `changes` replace elements by tag, `null` leaves one out. */
export function film(changes: Record<string, Element | null> = {}, sopClassUid: string = DX): Uint8Array {
  const elements = new Map<string, Element>(
    (
      [
        ['0020,000d', 'UI', '1.2.3'],
        ['0020,000e', 'UI', '1.2.3.4'],
        ['0028,0002', 'US', 1],
        ['0028,0004', 'CS', 'MONOCHROME2'],
        ['0028,0010', 'US', 2],
        ['0028,0011', 'US', 3],
        ['0028,0100', 'US', 16],
        ['0028,0101', 'US', 16],
        ['0028,0102', 'US', 15],
        ['0028,0103', 'US', 0],
        ['7fe0,0010', 'OW', words(0, 1, 2, 3, 4, 5)],
      ] as const
    ).map((element) => [element[0], element]),
  );
  for (const [tag, element] of Object.entries(changes))
    if (element) elements.set(tag, element);
    else elements.delete(tag);
  return writeDicom({ sopClassUid, sopInstanceUid: '1.2.3.4.5', elements: [...elements.values()] });
}

export const words = (...values: number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);

/** `elements` as changes for `film`. */
export const changes = (...elements: Element[]): Record<string, Element> =>
  Object.fromEntries(elements.map((element) => [element[0], element]));
