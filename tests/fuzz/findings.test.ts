/** What the fuzzer found, each as the smallest file that shows it. */
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/backend/dicom/parse.ts';
import { changes, film } from '../golden/film.ts';
import { elementTokens, sequenceTokens, wordBytes } from './encode.ts';
import { joinTokens, tokensOfFile, type Encoding } from './tokens.ts';

const header = (bytes: Uint8Array) => parse(bytes).file?.header;
const EXPLICIT: Encoding = { explicit: true, littleEndian: true };

/** An element of any VR in front of a film's own. */
function filmWith(tag: string, vr: string, value: Uint8Array): Uint8Array {
  const { meta, body } = tokensOfFile(film(), EXPLICIT);
  return joinTokens([...meta, ...elementTokens(tag, vr, value, EXPLICIT), ...body]);
}
const doubles = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);

describe('1 numbers that no header should hold', () => {
  test('1.1 a window of width 1e999 is left out, and the film is read', () => {
    const found = header(film(changes(['0028,1050', 'DS', '40', '1'], ['0028,1051', 'DS', '1e999', '2'])));
    expect(found?.windows).toEqual([{ center: 1, width: 2, explanation: '' }]);
  });

  test('1.2 a window of infinite width in an FD', () => {
    const { meta, body } = tokensOfFile(film(), EXPLICIT);
    const window = [
      ...elementTokens('00281050', 'DS', Uint8Array.of(0x31, 0x20), EXPLICIT),
      ...elementTokens('00281051', 'FD', doubles(Infinity), EXPLICIT),
    ];
    expect(header(joinTokens([...meta, ...window, ...body]))?.windows).toEqual([]);
  });

  test('1.3 a series number and an image number beyond all counting are left out', () => {
    const { file } = parse(
      film(changes(['0020,0011', 'IS', '999999999999999999999'], ['0020,0013', 'IS', '-99999999999999999999'])),
    );
    expect(file).toMatchObject({ series: { number: null }, instance: { number: null } });
  });

  test('1.4 as many frames are refused, not taken for one', () => {
    expect(() => parse(film(changes(['0028,0008', 'IS', '999999999999999999999'])))).toThrow('cut off');
  });

  test('1.5 a spacing without end counts as none', () => {
    expect(header(filmWith('00280030', 'FD', doubles(Infinity, 1)))?.pixelSpacing).toBeNull();
  });

  test('1.6 a lookup table of 12.5 bits is left out', () => {
    const { meta, body } = tokensOfFile(film(), EXPLICIT);
    const table = sequenceTokens(
      '00283010',
      [
        ...elementTokens('00283002', 'FD', doubles(2, 0, 12.5), EXPLICIT, 1),
        ...elementTokens('00283006', 'OW', wordBytes([0, 1], EXPLICIT), EXPLICIT, 1),
      ],
      EXPLICIT,
    );
    expect(header(joinTokens([...meta, ...table, ...body]))?.voiLuts).toEqual([]);
  });

  test('1.7 an overlay whose origin is no number is left out', () => {
    const { meta, body } = tokensOfFile(
      film(changes(['6000,0010', 'US', 2], ['6000,0011', 'US', 3], ['6000,3000', 'OW', Uint8Array.of(5, 0)])),
      EXPLICIT,
    );
    const origin = elementTokens('60000050', 'FD', doubles(NaN, 1), EXPLICIT);
    expect(header(joinTokens([...meta, ...body]))?.overlays).toHaveLength(1);
    expect(header(joinTokens([...meta, ...origin, ...body]))?.overlays).toEqual([]);
  });
});
