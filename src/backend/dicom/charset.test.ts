import { describe, expect, test } from 'vitest';
import { decodeText } from './charset.ts';

/** `\e` stands for ESC, `\xNN` for a byte. */
const bytes = (text: string): Uint8Array =>
  Uint8Array.from(
    text
      .replaceAll('\\e', '\x1b')
      .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    (character) => character.charCodeAt(0),
  );

describe('1 single character sets (PS3.3 tables C.12-2 and C.12-5)', () => {
  test.each([
    ['', 'Buc', 'Buc'],
    ['ISO_IR 100', 'J\\xe9r\\xf4me', 'Jérôme'],
    ['ISO_IR 101', 'Wa\\xb3\\xeasa', 'Wałęsa'],
    ['ISO_IR 109', '\\xa6', 'Ĥ'],
    ['ISO_IR 110', '\\xa2', 'ĸ'],
    ['ISO_IR 144', '\\xbb\\xee', 'Лю'],
    ['ISO_IR 127', '\\xe2\\xc8', 'قب'],
    ['ISO_IR 126', '\\xc4\\xe9', 'Δι'],
    ['ISO_IR 138', '\\xf9\\xf8', 'שר'],
    ['ISO_IR 148', 'Ay\\xfee', 'Ayşe'],
    ['ISO_IR 203', '\\xa4', '€'],
    ['ISO_IR 13', '\\xd4\\xcf\\xc0\\xde', 'ﾔﾏﾀﾞ'],
    ['ISO_IR 166', '\\xca\\xc1', 'สม'],
    ['ISO_IR 192', '\\xe5\\xb1\\xb1', '山'],
    ['GB18030', '\\xcd\\xf5', '王'],
    ['GBK', '\\xcd\\xf5', '王'],
  ])('1.1 %s', (set, text, expected) => {
    expect(decodeText(bytes(text), [set], true)).toBe(expected);
  });

  test('1.2 the ways in which files misspell a term', () => {
    for (const set of ['ISO-IR 100', 'ISO IR 100', 'iso_ir 100', 'ISO_IR_100', ' ISO_IR 100 '])
      expect(decodeText(bytes('\\xe9'), [set], true), set).toBe('é');
  });

  test('1.3 bytes that the set does not have are marked, never thrown', () => {
    expect(decodeText(bytes('a\\xff'), ['ISO_IR 192'], false)).toBe('a\ufffd');
  });
});

describe('2 code extensions (PS3.5 6.1.2.5, annexes H to K)', () => {
  test.each([
    ['H.3.1', ['', 'ISO 2022 IR 87'], 'Yamada^Tarou=\\e$B;3ED\\e(B^\\e$BB@O:\\e(B', 'Yamada^Tarou=山田^太郎'],
    ['H.3.2', ['ISO 2022 IR 13', 'ISO 2022 IR 87'], '\\xd4\\xcf\\xc0\\xde=\\e$B;3ED\\e(J', 'ﾔﾏﾀﾞ=山田'],
    ['JIS X 0212', ['', 'ISO 2022 IR 159'], '\\e$(D0!\\e(B', '丂'],
    ['I.2', ['', 'ISO 2022 IR 149'], '\\e$)C\\xfb\\xf3^\\e$)C\\xd1\\xce', '洪^吉'],
    ['K.2', ['', 'ISO 2022 IR 58'], '\\e$)A\\xd0\\xa1^\\e$)A\\xb6\\xab', '小^东'],
    ['Latin and Cyrillic', ['ISO 2022 IR 100', 'ISO 2022 IR 144'], '\\xe9=\\e-L\\xbb', 'é=Л'],
  ])('2.1 %s', (_, sets, text, expected) => {
    expect(decodeText(bytes(text), sets, true)).toBe(expected);
  });

  test('2.2 a delimiter brings the first set back, in names only', () => {
    const sets = ['ISO 2022 IR 100', 'ISO 2022 IR 144'];
    expect(decodeText(bytes('\\e-L\\xbb^\\xe9'), sets, true)).toBe('Л^é');
    expect(decodeText(bytes('\\e-L\\xbb^\\xbb'), sets, false)).toBe('Л^Л');
    expect(decodeText(bytes('\\e-L\\xbb\\x0d\\x0a\\xe9'), sets, false)).toBe('Л\r\né');
  });

  test('2.3 a backslash or caret that is half of a two-byte character divides nothing', () => {
    // 0x3E5C and 0x3D5E of JIS X 0208.
    expect(decodeText(bytes('\\e$B>\\x5c=\\x5e\\e(B'), ['', 'ISO 2022 IR 87'], true)).toBe('詳殉');
  });

  test('2.4 an unknown escape sequence, and one at the end, are passed over', () => {
    expect(decodeText(bytes('a\\e%Gb'), ['', 'ISO 2022 IR 87'], true)).toBe('ab');
    expect(decodeText(bytes('a\\e'), ['', 'ISO 2022 IR 87'], true)).toBe('a');
  });
});
