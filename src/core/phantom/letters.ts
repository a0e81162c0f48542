/** A 5 × 7 bitmap font: only the letters that a film carries. */

const glyphs: Record<string, string> = {
  ' ': '00000 00000 00000 00000 00000 00000 00000',
  A: '01110 10001 10001 11111 10001 10001 10001',
  B: '11110 10001 10001 11110 10001 10001 11110',
  C: '01110 10001 10000 10000 10000 10001 01110',
  D: '11110 10001 10001 10001 10001 10001 11110',
  E: '11111 10000 10000 11110 10000 10000 11111',
  F: '11111 10000 10000 11110 10000 10000 10000',
  H: '10001 10001 10001 11111 10001 10001 10001',
  I: '01110 00100 00100 00100 00100 00100 01110',
  L: '10000 10000 10000 10000 10000 10000 11111',
  N: '10001 11001 10101 10101 10011 10001 10001',
  O: '01110 10001 10001 10001 10001 10001 01110',
  P: '11110 10001 10001 11110 10000 10000 10000',
  Q: '01110 10001 10001 10001 10101 10010 01101',
  R: '11110 10001 10001 11110 10100 10010 10001',
  S: '01111 10000 10000 01110 00001 00001 11110',
  T: '11111 00100 00100 00100 00100 00100 00100',
  U: '10001 10001 10001 10001 10001 10001 01110',
  Y: '10001 10001 01010 00100 00100 00100 00100',
};

/** Calls `dot` for every dot of the text; a letter is 5 wide, 7 high and 6 from the next. */
export function eachDot(text: string, dot: (column: number, row: number) => void): void {
  [...text].forEach((letter, index) => {
    const glyph = glyphs[letter];
    if (glyph === undefined)
      throw new RangeError(`expected letters of ${Object.keys(glyphs).join('')}, found ${letter}`);
    glyph.split(' ').forEach((line, row) => {
      for (let column = 0; column < 5; column++) if (line[column] === '1') dot(index * 6 + column, row);
    });
  });
}

/** Width of a text in dots. */
export const widthOf = (text: string): number => text.length * 6 - 1;
