import dicomParser from 'dicom-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uidOf } from './uid.ts';
import { writeDicom, type Element } from './write.ts';

const write = (elements: Element[], undefinedLengths = false): Uint8Array =>
  writeDicom({ sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.7', elements, undefinedLengths });
const read = (elements: Element[], undefinedLengths = false) =>
  dicomParser.parseDicom(write(elements, undefinedLengths));

describe('1 a file', () => {
  test('1.1 opens with a preamble of zeros, DICM and the meta group with its length', () => {
    const bytes = write([]);
    expect(bytes.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    expect(new TextDecoder().decode(bytes.subarray(128, 132))).toBe('DICM');
    const data = dicomParser.parseDicom(bytes);
    expect(data.string('x00020010')).toBe('1.2.840.10008.1.2.1');
    expect(data.string('x00020003')).toBe('2.25.7');
    const length = data.uint32('x00020000') ?? 0;
    // The first element after the meta group lies where the group's length says.
    expect(data.elements['x00080005']?.dataOffset).toBe(132 + 12 + length + 8);
  });

  test('1.2 elements come out sorted, whatever order they were given in', () => {
    const data = read([
      ['0020,0013', 'IS', 3],
      ['0008,0060', 'CS', 'DX'],
      ['0010,0020', 'LO', 'x'],
    ]);
    // dicom-parser appends the meta group.
    const tags = Object.keys(data.elements).filter((tag) => !tag.startsWith('x0002'));
    expect(tags).toHaveLength(6);
    expect(tags).toEqual(tags.toSorted());
  });

  test('1.3 a tag given twice, and one that is none, are refused', () => {
    expect(() =>
      write([
        ['0010,0020', 'LO', 'a'],
        ['0010,0020', 'LO', 'b'],
      ]),
    ).toThrow('found 0010,0020 twice');
    expect(() => write([['0010,002', 'LO', 'a']])).toThrow('expected a tag such as 0010,0010');
  });
});

describe('2 values', () => {
  test('2.1 are padded to even length: text with a blank, UIDs with a zero', () => {
    const data = read([
      ['0010,0020', 'LO', 'abc'],
      ['0020,000d', 'UI', '2.25'],
      ['0020,000e', 'UI', '2.255'],
    ]);
    const last = (tag: string) => {
      const element = data.elements[tag];
      return element && [element.length, data.byteArray[element.dataOffset + element.length - 1]];
    };
    expect(last('x00100020')).toEqual([4, 0x20]);
    expect(last('x0020000d')).toEqual([4, '5'.charCodeAt(0)]);
    expect(last('x0020000e')).toEqual([6, 0]);
  });

  test('2.2 text is UTF-8 and says so', () => {
    const data = read([['0010,0010', 'PN', 'Wang^XiaoDong=王^小東']]);
    expect(data.string('x00080005')).toBe('ISO_IR 192');
    const { dataOffset, length } = data.elements['x00100010'] ?? { dataOffset: 0, length: 0 };
    expect(new TextDecoder().decode(data.byteArray.subarray(dataOffset, dataOffset + length)).trim()).toBe(
      'Wang^XiaoDong=王^小東',
    );
  });

  test('2.3 any number fits a DS of 16 characters, to 9 digits at least', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e8, max: 1e8, noNaN: true }), (value) => {
        const text = read([['0028,1053', 'DS', value]]).string('x00281053') ?? '';
        expect(text.length).toBeLessThanOrEqual(16);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8);
      }),
      { numRuns: 200 },
    );
  });

  test('2.4 whole numbers keep their sign and width; one that does not fit is refused', () => {
    const data = read([
      ['0028,0010', 'US', 65535],
      ['6000,0050', 'SS', -3, 4],
      ['0028,9001', 'UL', 4294967295],
      ['0018,9073', 'FD', 0.1],
    ]);
    expect(data.uint16('x00280010')).toBe(65535);
    expect([data.int16('x60000050', 0), data.int16('x60000050', 1)]).toEqual([-3, 4]);
    expect(data.uint32('x00289001')).toBe(4294967295);
    expect(data.double('x00189073')).toBe(0.1);
    expect(() => write([['0028,0010', 'US', 65536]])).toThrow('in 0028,0010 US, found 65536');
    expect(() => write([['0020,4000', 'LT', 'x'.repeat(65535)]])).toThrow('expected at most 65534 bytes');
  });

  test('2.5 bytes of any length come back, one more where the length is odd', () => {
    const pixels = Uint8Array.from({ length: 99_999 }, (_, i) => i % 251);
    const element = read([['7fe0,0010', 'OB', pixels]]).elements['x7fe00010'];
    expect(element?.length).toBe(100_000);
    const bytes = write([['7fe0,0010', 'OB', pixels]]);
    expect(Buffer.compare(bytes.subarray(-100_000, -1), pixels)).toBe(0);
  });
});

describe('3 sequences', () => {
  const nested: Element[] = [
    [
      '0008,2218',
      'SQ',
      [
        ['0008,0100', 'SH', 'a'],
        ['0008,1140', 'SQ', [['0008,1155', 'UI', '1.2']], []],
      ],
      [['0008,0100', 'SH', 'b']],
    ],
    ['0040,0555', 'SQ'],
    ['0054,0220', 'SQ', [['0008,0100', 'SH', 'after']]],
  ];

  test.each([false, true])('3.1 nest and may be empty (delimiters in place of lengths: %s)', (undefinedLengths) => {
    const data = read(nested, undefinedLengths);
    const [first, second] = data.elements['x00082218']?.items ?? [];
    expect(first?.dataSet?.string('x00080100')).toBe('a');
    const inner = first?.dataSet?.elements['x00081140']?.items ?? [];
    expect(inner.map((item) => item.dataSet?.string('x00081155'))).toEqual(['1.2', undefined]);
    expect(second?.dataSet?.string('x00080100')).toBe('b');
    expect(data.elements['x00400555']?.items ?? []).toEqual([]);
    expect(data.elements['x00540220']?.items?.[0]?.dataSet?.string('x00080100')).toBe('after');
    expect(data.elements['x00082218']?.hadUndefinedLength ?? false).toBe(undefinedLengths);
  });
});

describe('4 UIDs', () => {
  test('4.1 are the UUID as one decimal number (the example of PS3.5 B.2)', () => {
    expect(uidOf('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')).toBe('2.25.329800735698586629295641978511506172918');
    expect(() => uidOf('f81d4fae')).toThrow('expected a UUID');
  });
});
