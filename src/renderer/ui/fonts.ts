/** Fonts carried inside the program: Inter for the window, Noto Sans for every script that a name may use. */
import arabic from '@fontsource/noto-sans-arabic/unicode.json';
import hebrew from '@fontsource/noto-sans-hebrew/unicode.json';
import inter from '@fontsource/inter/unicode.json';
import japanese from '@fontsource/noto-sans-jp/unicode.json';
import korean from '@fontsource/noto-sans-kr/unicode.json';
import chinese from '@fontsource/noto-sans-sc/unicode.json';
import thai from '@fontsource/noto-sans-thai/unicode.json';
import noto from '@fontsource/noto-sans/unicode.json';
import mono from '@fontsource/noto-sans-mono/unicode.json';

// WOFF2 only: the packages' own style sheets would carry every file twice.
const files = import.meta.glob<string>(
  [
    '../../../node_modules/@fontsource/inter/files/*-{400,500,600}-normal.woff2',
    '../../../node_modules/@fontsource/noto-sans{,-arabic,-hebrew,-thai,-jp,-kr,-sc,-mono}/files/*-400-normal.woff2',
    // the whole script in one file: the numbered pieces hold the same glyphs
    '!../../../node_modules/@fontsource/noto-sans-{jp,kr,sc}/files/*-{japanese,korean,chinese-simplified}-400-normal.woff2',
  ],
  { eager: true, query: '?url', import: 'default' },
);
const urls = new Map(Object.entries(files).map(([path, url]) => [path.replace(/^.*\//, ''), url]));

type Ranges = Record<string, string>;

/** Declares the faces; the browser reads a file only when a character of its range is shown. */
export function declareFonts(fonts: FontFaceSet): void {
  const add = (family: string, slug: string, weight: number, ranges: Ranges) => {
    for (const [key, unicodeRange] of Object.entries(ranges)) {
      const url = urls.get(`${slug}-${key.replace(/[[\]]/g, '')}-${weight}-normal.woff2`);
      if (url)
        fonts.add(
          new FontFace(family, `url("${url}") format("woff2")`, { weight: `${weight}`, unicodeRange, display: 'swap' }),
        );
    }
  };
  for (const weight of [400, 500, 600]) add('Inter', 'inter', weight, inter);
  const scripts: [string, string, Ranges][] = [
    ['Noto Sans', 'noto-sans', noto],
    ['Noto Sans Arabic', 'noto-sans-arabic', arabic],
    ['Noto Sans Hebrew', 'noto-sans-hebrew', hebrew],
    ['Noto Sans Thai', 'noto-sans-thai', thai],
    ['Noto Sans JP', 'noto-sans-jp', japanese],
    ['Noto Sans KR', 'noto-sans-kr', korean],
    ['Noto Sans SC', 'noto-sans-sc', chinese],
    ['Noto Sans Mono', 'noto-sans-mono', mono],
  ];
  for (const [family, slug, ranges] of scripts) add(family, slug, 400, ranges);
}
