/** Files for tests of imports: films with ids of their own, and the index of a medium. */
import { writeDicom, type Element } from '../src/backend/dicom/write.ts';
import { DX, words } from './golden/film.ts';

/** A film of 2 × 3 with ids of its own; `more` replaces elements. */
export function numberedFilm(study: number, n: number, more: readonly Element[] = []): Uint8Array {
  const own: Element[] = [
    ['0008,0060', 'CS', 'DX'],
    ['0010,0020', 'LO', `P${study}`],
    ['0020,000d', 'UI', `1.2.7.${study}`],
    ['0020,000e', 'UI', `1.2.7.${study}.1`],
    ['0020,0013', 'IS', n],
    ['0028,0002', 'US', 1],
    ['0028,0004', 'CS', 'MONOCHROME2'],
    ['0028,0010', 'US', 2],
    ['0028,0011', 'US', 3],
    ['0028,0100', 'US', 16],
    ['0028,0101', 'US', 16],
    ['0028,0102', 'US', 15],
    ['0028,0103', 'US', 0],
    ['7fe0,0010', 'OW', words(0, 1, 2, 3, 4, n)],
  ];
  const replaced = new Set(more.map(([tag]) => tag));
  return writeDicom({
    sopClassUid: DX,
    sopInstanceUid: `1.2.7.${study}.1.${n}`,
    elements: [...own.filter(([tag]) => !replaced.has(tag)), ...more],
  });
}

/** An index of a medium (PS3.3 F.3) that names these files, each by the components of its path. */
export const dicomDirectory = (files: readonly (readonly string[])[]): Uint8Array =>
  writeDicom({
    sopClassUid: '1.2.840.10008.1.3.10',
    sopInstanceUid: '1.2.7.0',
    elements: [
      [
        '0004,1220',
        'SQ',
        [['0004,1430', 'CS', 'PATIENT']],
        ...files.map((parts): Element[] => [
          ['0004,1430', 'CS', 'IMAGE'],
          ['0004,1500', 'CS', ...parts],
        ]),
      ],
    ],
  });
