import { describe, expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { changes, film, words } from '../../../tests/golden/film.ts';
import { ageYears } from '#core/study/age.ts';
import { parse } from './parse.ts';
import { writeDicom, type Element } from './write.ts';

const file = (bytes: Uint8Array) => {
  const { file } = parse(bytes);
  if (!file) throw new Error('expected a DICOM file');
  return file;
};
const header = (bytes: Uint8Array) => file(bytes).header;

describe('1 what a file says of itself', () => {
  test('1.1 patient, study, series, instance', () => {
    const parsed = file(
      film(
        changes(
          ['0008,0020', 'DA', '20240131'],
          ['0008,0030', 'TM', '0915'],
          ['0008,0050', 'SH', ' A-17 '],
          ['0008,0060', 'CS', 'DX '],
          ['0008,0090', 'PN', 'Roe^Jane^^Dr'],
          ['0008,1030', 'LO', 'Thorax in 2 Ebenen'],
          ['0008,103e', 'LO', 'PA'],
          ['0010,0010', 'PN', 'Müller^Jürgen^^^=山田^太郎'],
          ['0010,0020', 'LO', 'P1'],
          ['0010,0021', 'LO', 'Clinic'],
          ['0010,0030', 'DA', '19700102'],
          ['0010,0040', 'CS', 'F'],
          ['0018,0015', 'CS', 'CHEST'],
          ['0020,0011', 'IS', '3'],
          ['0020,0013', 'IS', '+7 '],
        ),
      ),
    );
    expect(parsed).toMatchObject({
      kind: 'dicom',
      preamble: 'empty',
      patient: {
        id: 'P1',
        issuer: 'Clinic',
        name: { alphabetic: 'Müller^Jürgen', ideographic: '山田^太郎', phonetic: '' },
        birthDate: '19700102',
        sex: 'F',
      },
      study: {
        id: '1.2.3',
        date: '20240131',
        time: '091500',
        accession: 'A-17',
        description: 'Thorax in 2 Ebenen',
        referrer: 'Roe Jane Dr',
      },
      series: { id: '1.2.3.4', number: 3, modality: 'DX', description: 'PA', bodyPart: 'CHEST' },
      instance: { id: '1.2.3.4.5', number: 7 },
    });
  });

  test('1.2 what is absent is empty or null, never guessed', () => {
    expect(header(film())).toMatchObject({
      patientOrientation: null,
      imageOrientation: null,
      pixelSpacing: null,
      imagerPixelSpacing: null,
      magnification: null,
      pixelAspectRatio: null,
      windows: [],
      voiLuts: [],
      modalityLut: null,
      rescaleSlope: 1,
      rescaleIntercept: 0,
      pixelPadding: null,
      lossy: false,
      shutters: [],
      overlays: [],
      synthetic: false,
      patientAgeYears: null,
    });
  });

  test('1.3 windows: several, explained, the broken ones left out', () => {
    const { windows, voiFunction } = header(
      film(
        changes(
          ['0028,1050', 'DS', '40', ' 60.5', 'abc', '10'],
          ['0028,1051', 'DS', '400', '1500 ', '100', '0'],
          ['0028,1055', 'LO', 'soft', 'bone', 'x', 'y'],
          ['0028,1056', 'CS', 'SIGMOID'],
        ),
      ),
    );
    expect(voiFunction).toBe('SIGMOID');
    expect(windows).toEqual([
      { center: 40, width: 400, explanation: 'soft' },
      { center: 60.5, width: 1500, explanation: 'bone' },
    ]);
  });

  test('1.4 a number with words, a comma or nothing in it is no number', () => {
    const odd = header(
      film(
        changes(
          ['0018,0060', 'DS', '120 kV'],
          ['0018,1152', 'IS', '3,5'],
          ['0028,1053', 'DS', ''],
          ['0028,0030', 'DS', '0.2'],
          ['0018,1164', 'DS', '0', '0'],
        ),
      ),
    );
    expect(odd).toMatchObject({
      kvp: null,
      exposureMas: null,
      rescaleSlope: 1,
      pixelSpacing: null,
      imagerPixelSpacing: null,
    });
  });

  test('1.5 lookup tables: packed bytes, words, 65536 entries written as 0, a signed first value', () => {
    const entries = Array.from({ length: 65_536 }, (_, index) => index);
    const { voiLuts, modalityLut } = header(
      film(
        changes(
          ['0028,0103', 'US', 1],
          [
            '0028,3000',
            'SQ',
            [
              ['0028,3002', 'US', 4, 65_534, 8],
              ['0028,3006', 'OW', Uint8Array.of(1, 2, 3, 4)],
            ],
          ],
          [
            '0028,3010',
            'SQ',
            [
              ['0028,3002', 'US', 0, 0, 16],
              ['0028,3003', 'LO', 'NORMAL'],
              ['0028,3006', 'OW', words(...entries)],
            ],
          ],
        ),
      ),
    );
    expect(modalityLut).toEqual({ firstMapped: -2, bits: 8, data: [1, 2, 3, 4], explanation: '' });
    expect(voiLuts[0]?.data).toHaveLength(65_536);
    expect(voiLuts[0]?.explanation).toBe('NORMAL');
  });

  test('1.6 padding takes the sign of the pixels, whatever its VR', () => {
    const padded = changes(['0028,0103', 'US', 1], ['0028,0120', 'US', 63_536], ['0028,0121', 'US', 10]);
    expect(header(film(padded)).pixelPadding).toEqual({ value: -2000, limit: 10 });
  });

  test('1.7 shutters and an overlay', () => {
    const { shutters, overlays } = header(
      film(
        changes(
          ['0018,1600', 'CS', 'RECTANGULAR', 'CIRCULAR', 'POLYGONAL'],
          ['0018,1602', 'IS', 1],
          ['0018,1604', 'IS', 3],
          ['0018,1606', 'IS', 1],
          ['0018,1608', 'IS', 2],
          ['0018,1610', 'IS', 1, 2],
          ['0018,1612', 'IS', 9],
          ['0018,1620', 'IS', 1, 1, 1, 3, 2, 3],
          ['6000,0010', 'US', 2],
          ['6000,0011', 'US', 3],
          ['6000,0040', 'CS', 'G'],
          ['6000,0050', 'SS', 1, -1],
          ['6000,3000', 'OW', Uint8Array.of(0b101_010, 0)],
        ),
      ),
    );
    expect(shutters.map(({ shape }) => shape)).toEqual(['RECTANGULAR', 'CIRCULAR', 'POLYGONAL']);
    expect(overlays).toEqual([
      {
        group: 0x6000,
        rows: 2,
        columns: 3,
        originRow: 1,
        originColumn: -1,
        type: 'G',
        label: '',
        bits: Uint8Array.of(0b101_010),
      },
    ]);
  });

  test('1.8 an overlay in an unused high bit of the pixels', () => {
    const { overlays } = header(
      film(
        changes(
          ['0028,0101', 'US', 12],
          ['0028,0102', 'US', 11],
          ['7fe0,0010', 'OW', words(0x1fff, 7, 0x1000, 0xfff, 0, 0x1001)],
          ['6000,0010', 'US', 2],
          ['6000,0011', 'US', 3],
          ['6000,0100', 'US', 16],
          ['6000,0102', 'US', 12],
        ),
      ),
    );
    expect(overlays[0]?.bits).toEqual(Uint8Array.of(0b100_101));
  });

  test('1.9 an enhanced object: values of the first frame, then of all frames', () => {
    const { pixelSpacing, imageOrientation, imagePosition, rescaleSlope, rescaleIntercept, windows, laterality } =
      header(
        film(
          changes(
            ['0028,0008', 'IS', 2],
            ['7fe0,0010', 'OW', words(...new Array<number>(12).fill(1))],
            [
              '5200,9229',
              'SQ',
              [
                ['0028,9110', 'SQ', [['0028,0030', 'DS', '0.5', '0.25']]],
                ['0020,9116', 'SQ', [['0020,0037', 'DS', '1', '0', '0', '0', '1', '0']]],
                [
                  '0028,9145',
                  'SQ',
                  [
                    ['0028,1052', 'DS', '-1024'],
                    ['0028,1053', 'DS', '2'],
                  ],
                ],
                ['0020,9071', 'SQ', [['0020,9072', 'CS', 'L']]],
              ],
            ],
            [
              '5200,9230',
              'SQ',
              [
                ['0020,9113', 'SQ', [['0020,0032', 'DS', '1', '2', '3']]],
                [
                  '0028,9132',
                  'SQ',
                  [
                    ['0028,1050', 'DS', '50'],
                    ['0028,1051', 'DS', '350'],
                  ],
                ],
              ],
              [['0020,9113', 'SQ', [['0020,0032', 'DS', '1', '2', '9']]]],
            ],
          ),
        ),
      );
    expect(pixelSpacing).toEqual([0.5, 0.25]);
    expect(imageOrientation).toEqual([1, 0, 0, 0, 1, 0]);
    expect(imagePosition).toEqual([1, 2, 3]);
    expect({ rescaleSlope, rescaleIntercept, laterality }).toEqual({
      rescaleSlope: 2,
      rescaleIntercept: -1024,
      laterality: 'L',
    });
    expect(windows).toEqual([{ center: 50, width: 350, explanation: '' }]);
  });

  test('1.10 view and body part from their codes where the plain attributes are empty', () => {
    const coded = header(
      film(
        changes(
          ['0008,2218', 'SQ', [['0008,0104', 'LO', 'Chest']]],
          ['0054,0220', 'SQ', [['0008,0104', 'LO', 'postero-anterior']]],
        ),
      ),
    );
    expect([coded.bodyPart, coded.viewPosition]).toEqual(['CHEST', 'PA']);
  });

  test('1.11 ages in every unit', () => {
    expect(['045Y', '006M', '52W', '000D', '45', '', '45Z'].map(ageYears)).toEqual([
      45,
      0.5,
      expect.closeTo(1, 2),
      0,
      null,
      null,
      null,
    ]);
  });

  test('1.12 synthetic by attribute or image type, never by a word in a description', () => {
    expect(header(film(changes(['0008,001c', 'CS', 'YES']))).synthetic).toBe(true);
    expect(header(film(changes(['0008,0008', 'CS', 'DERIVED', 'SECONDARY', 'SYNTHETIC']))).synthetic).toBe(true);
    for (const tag of ['0008,103e', '0008,1030', '0020,4000'])
      expect(header(film(changes([tag, 'LO', 'SYNTHETIC GRAFT FOLLOW-UP']))).synthetic).toBe(false);
  });

  test.each([
    ['postero-anterior', 'PA'],
    ['Anteroposterior', 'AP'],
    ['postero-anterior oblique', 'POSTERO-ANTERIOR OBLIQUE'],
    ['left lateral', 'LL'],
    ['left lateral oblique', 'LEFT LATERAL OBLIQUE'],
  ])('1.13 the coded view %s is %s', (meaning, view) =>
    expect(header(film(changes(['0054,0220', 'SQ', [['0008,0104', 'LO', meaning]]]))).viewPosition).toBe(view),
  );

  test.each([
    ['Chest LAT', '', 'LATERAL'],
    ['W033 Thorax lat.', '', 'LATERAL'],
    ['Chest PA + lateral', '', ''],
    ['Bilateral ribs', '', ''],
    ['Chest lateral', 'pa', 'PA'],
  ])('1.14 series "%s" with view "%s": %s', (description, view, expected) =>
    expect(header(film(changes(['0008,103e', 'LO', description], ['0018,5101', 'CS', view]))).viewPosition).toBe(
      expected,
    ),
  );

  test('1.15 small letters, which the standard does not allow, mean the same', () => {
    const small = header(
      film(
        changes(
          ['0008,0068', 'CS', 'For Processing'],
          ['0028,0301', 'CS', 'Yes'],
          ['2050,0020', 'CS', 'inverse'],
          ['0028,0004', 'CS', 'monochrome1'],
        ),
      ),
    );
    expect([small.presentationIntent, small.burnedIn, small.presentationLutShape, small.photometric]).toEqual([
      'FOR PROCESSING',
      'YES',
      'INVERSE',
      'MONOCHROME1',
    ]);
  });

  test('1.16 frames that lie differently have no letters and no spacing; ones that differ in rescale are refused', () => {
    const enhanced = (...frames: Element[][]) =>
      film(
        changes(
          ['0028,0008', 'IS', 2],
          ['7fe0,0010', 'OW', words(...new Array<number>(12).fill(1))],
          ['5200,9230', 'SQ', ...frames],
        ),
      );
    const turned = (...direction: string[]): Element => ['0020,9116', 'SQ', [['0020,0037', 'DS', ...direction]]];
    const spaced = (...spacing: string[]): Element => ['0028,9110', 'SQ', [['0028,0030', 'DS', ...spacing]]];
    const sagittal = turned('0', '1', '0', '0', '0', '-1');
    const coronal = turned('1', '0', '0', '0', '0', '-1');
    expect(header(enhanced([coronal], [coronal])).imageOrientation).toEqual([1, 0, 0, 0, 0, -1]);
    expect(header(enhanced([coronal], [sagittal])).imageOrientation).toBeNull();
    expect(header(enhanced([spaced('1', '1')], [spaced('1', '1')])).pixelSpacing).toEqual([1, 1]);
    expect(header(enhanced([spaced('1', '1')], [spaced('2', '2')])).pixelSpacing).toBeNull();
    const rescaled = (slope: string): Element => ['0028,9145', 'SQ', [['0028,1053', 'DS', slope]]];
    expect(header(enhanced([rescaled('2')], [rescaled('2')])).rescaleSlope).toBe(2);
    expect(() => header(enhanced([rescaled('0.001')], [rescaled('0.002')]))).toThrow(
      /Expected one rescale for all frames/,
    );
  });
});

describe('2 how a file begins', () => {
  const withPreamble = (...start: number[]) => {
    const bytes = film();
    bytes.set(start);
    return bytes;
  };

  test('2.1 an executable in the preamble is named, a TIFF is fine, rubbish is other', () => {
    expect(file(withPreamble(0x4d, 0x5a, 0x90)).preamble).toBe('executable');
    expect(file(withPreamble(0x7f, 0x45, 0x4c, 0x46)).preamble).toBe('executable');
    expect(file(withPreamble(0xcf, 0xfa, 0xed, 0xfe)).preamble).toBe('executable');
    expect(file(withPreamble(0xca, 0xfe, 0xba, 0xbe)).preamble).toBe('executable');
    expect(file(withPreamble(0x23, 0x21, 0x2f)).preamble).toBe('executable');
    expect(file(withPreamble(0x49, 0x49, 0x2a, 0x00)).preamble).toBe('tiff');
    expect(file(withPreamble(1)).preamble).toBe('other');
    // A PNG's mark before DICM does not make it a picture.
    expect(parse(withPreamble(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)).picture).toBeNull();
  });

  test('2.2 without preamble, and without meta information', () => {
    const bytes = film();
    expect(header(bytes.subarray(132)).transferSyntaxUid).toBe('1.2.840.10008.1.2.1');
    // The data set begins at (0008,0005).
    const dataset = bytes.findIndex((_, at) => [8, 0, 5, 0, 0x43, 0x53].every((byte, i) => bytes[at + i] === byte));
    expect(header(bytes.subarray(dataset))).toMatchObject({ rows: 2, transferSyntaxUid: '1.2.840.10008.1.2.1' });
  });

  test('2.3 a wrong group length does not matter', () => {
    const bytes = film();
    bytes.fill(0xff, 140, 144);
    expect(header(bytes).rows).toBe(2);
  });

  test('2.4 64-bit VRs, which dicom-parser does not know', () => {
    const bytes = film(changes(['0029,1001', 'OB', new Uint8Array(8)]));
    const at = bytes.findIndex((_, i) => [0x29, 0, 1, 0x10, 0x4f, 0x42].every((byte, j) => bytes[i + j] === byte));
    bytes.set([0x55, 0x56], at + 4);
    expect(header(bytes).rows).toBe(2);
  });

  test('2.5 PNG and JPEG are pictures', () => {
    expect(parse(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0))).toEqual({
      file: null,
      picture: 'png',
    });
    expect(parse(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0))).toEqual({ file: null, picture: 'jpeg' });
  });
});

describe('3 refusals say what was expected, what was found, what to do', () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ['an empty file', new Uint8Array(), /a DICOM file, PNG or JPEG, found an empty file/],
    ['text', new TextEncoder().encode('hello '.repeat(100)), /found another kind of file/],
    ['no StudyInstanceUID', film({ '0020,000d': null }), /a StudyInstanceUID, found none/],
    ['no SeriesInstanceUID', film({ '0020,000e': null }), /a SeriesInstanceUID, found none/],
    ['a UID with blanks inside', film(changes(['0020,000d', 'UI', '1.2 3'])), /found one that is not a UID/],
    ['a report', writeDicom({ sopClassUid: sr(), sopInstanceUid: '1', elements: [] }), /a structured report/],
    ['a PDF', writeDicom({ sopClassUid: pdf(), sopInstanceUid: '1', elements: [] }), /a PDF document/],
    ['a presentation state', writeDicom({ sopClassUid: gsps(), sopInstanceUid: '1', elements: [] }), /presentation/],
    ['no pixels', film({ '7fe0,0010': null }), /an object without pixels/],
    ['no rows', film({ '0028,0010': null }), /Rows in the header, found none/],
    ['CMYK', film(changes(['0028,0004', 'CS', 'CMYK'], ['0028,0002', 'US', 4])), /"CMYK" with 4 samples/],
    ['grey with three samples', film(changes(['0028,0002', 'US', 3])), /"MONOCHROME2" with 3 samples/],
    ['24 bits', film(changes(['0028,0100', 'US', 24])), /1, 8, 16 or 32 bits allocated, found 24/],
    ['more bits stored than allocated', film(changes(['0028,0101', 'US', 17])), /17 stored/],
    [
      'too few pixels',
      film(changes(['0028,0010', 'US', 4])),
      /24 bytes of pixel data .* found 12: the file is cut off/,
    ],
    ['a compression without a decoder', inSyntax('1.2.840.10008.1.2.4.100'), /MPEG-2 video, main level/],
    ['an unknown compression', inSyntax('1.2.3.4.5.6.7.8.9.10.11'), /unknown transfer syntax/],
  ];
  test.each(cases)('3.1 %s', (_, bytes, message) => {
    expect(() => parse(bytes)).toThrow(message);
    expect(() => parse(bytes)).toThrow(AppError);
  });
});

const sr = () => '1.2.840.10008.5.1.4.1.1.88.33';
const pdf = () => '1.2.840.10008.5.1.4.1.1.104.1';
const gsps = () => '1.2.840.10008.5.1.4.1.1.11.1';

/** The film under another transfer syntax, padded or cut to the length of the UID that is there. */
function inSyntax(uid: string): Uint8Array {
  const bytes = film();
  const at = bytes.findIndex((_, i) => [2, 0, 0x10, 0].every((byte, j) => bytes[i + j] === byte));
  const rest = bytes.subarray(at + 8 + 20);
  const value = new TextEncoder().encode(uid.padEnd(uid.length + (uid.length % 2), '\0'));
  const out = new Uint8Array(at + 8 + value.length + rest.length);
  out.set(bytes.subarray(0, at + 8));
  out[at + 6] = value.length;
  out.set(value, at + 8);
  out.set(rest, at + 8 + value.length);
  return out;
}
