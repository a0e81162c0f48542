import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextChoice, partsOf } from '#core/phrases/phrase.ts';
import { templateFrom } from './parse.ts';

const own = readFileSync(path.join(import.meta.dirname, '../../../tests/templates/chest.html'));
const bytes = (text: string) => new TextEncoder().encode(text);
const page = (body: string, head = '') =>
  bytes(
    `<!DOCTYPE html><html><head><meta charset="UTF-8"><title>T</title><meta name="dcterms.type" content="IMAGE_REPORT_TEMPLATE">${head}</head><body>${body}</body></html>`,
  );
const textOf = (body: string) => templateFrom(page(body)).text;

describe('1 a template of the public form', () => {
  const read = templateFrom(own);

  test('1.1 its sections, fixed text, choices, blanks and merge fields become ours', () => {
    expect(read.text).toBe(
      [
        'INDICATION:\nAge: {age} years\nComplaint: [Complaint?]',
        'TECHNIQUE:\nProjection: [posteroanterior|lateral], taken on {study date}.',
        'COMPARISON:\nNo earlier film.',
        'FINDINGS:\nHeart and vessels:\nThe heart is [normal in size|enlarged].\nLungs:\nBoth lungs are clear.\nNo nodule < 5 mm is looked for.\nLargest nodule: [Largest nodule?] mm\nLines and tubes:\n[|A central line ends in the superior vena cava.]\n[No tube.|]\nBilling:\nCode 71045 applies.',
        'IMPRESSION:\n[Normal chest.|See findings.]',
      ].join('\n\n'),
    );
    expect(partsOf(read.text).map(({ section }) => section)).toEqual([
      'indication',
      'technique',
      'comparison',
      'findings',
      'impression',
    ]);
  });

  test('1.2 its codes say for which films it is; those of a field do not', () => {
    expect(read.when).toEqual({ modality: '', view: 'PA', sex: 'F', ageFrom: null, ageTo: null });
    expect(read.notes).toEqual([
      '“Billing” is no section of a report here: it is written under Findings',
      'It is for plain films (CR and DX); it is offered for every film unless you say otherwise',
    ]);
    expect(read.leftOut).toEqual([]);
  });

  test('1.3 where it is from goes with it', () => {
    expect(read.source).toEqual({
      title: 'Chest radiograph of an adult woman',
      identifier: 'urn:example:template:1',
      publisher: 'Example Hospital',
      creator: 'Doe, J; Roe, R',
      rights: 'Free to use within the tests',
      licence: 'https://example.invalid/licence',
      date: '2026-01-15',
      language: 'en',
    });
    expect([read.name, read.shortcut]).toEqual(['Chest radiograph of an adult woman', 'chest-radiograph-of-an-a']);
  });
});

describe('2 what a template may hold besides', () => {
  test('2.1 everything that is not words is left out, and counted', () => {
    const read = templateFrom(
      page(
        `<section data-section-name="Findings" onclick="x()"><p>The <a href="https://example.invalid">lungs</a> are clear.
         <img src="https://example.invalid/x.png" onerror="x()"><img src=y.png><script>evil()</script>
         <svg><text>drawn</text><script>evil()</script></svg><iframe src="x">page</iframe><marquee>running</marquee>
         <x-own>mine</x-own><input type="hidden" value="secret"><style>p{}</style><button>press</button></p></section>`,
        '<link rel="stylesheet" href="x.css"><script src="x.js"></script>',
      ),
    );
    expect(read.text).toBe('FINDINGS:\nThe lungs are clear.');
    expect(read.leftOut).toEqual([
      '1 link to another file',
      '3 scripts',
      '2 event handlers',
      '1 link (its words are kept)',
      '2 images',
      '1 drawing',
      '1 embedded page',
      '1 “marquee” element',
      '1 “x-own” element',
      '1 hidden or file field',
      '1 style sheet',
      '1 button',
    ]);
  });

  test('2.2 its words cannot pass for our signs, our headings or tags', () => {
    expect(
      textOf(
        '<section data-section-name="Technique"><p>{name} [a|b] &lt;b&gt; 3 &lt; 5</p><p>Impression:</p><p>x</p></section>',
      ),
    ).toBe('TECHNIQUE:\n(name) (a|b) ‹b> 3 < 5\nImpression\nx');
    expect(textOf('<section data-section-name="F"><select><option>a|b]<option>{c}</select></section>')).toContain(
      '[a/b)|(c)]',
    );
  });

  test('2.3 script in a label, an option or a heading is no text', () => {
    const text = textOf(
      `<section data-section-name="Findings"><label for=r>Right<script>evil()</script></label><input type=radio id=r name=q>
       <select><option>one<script>evil()</script><option>two</select><header>Findings<style>evil</style></header></section>`,
    );
    expect(text).not.toContain('evil');
    expect(text).toContain('[one|two]');
  });

  test('2.6 groups as RSNA’s own editor writes them: words after their box, or in a field beside it', () => {
    expect(
      textOf(
        `<section data-section-name="Procedure Information"><p title=""><label for="CHECKBOX_1">Technique:</label>
         <span id="CHECKBOX_1" data-field-type="CHECKBOX"><br />
         <input id="CHECKBOX_1_0" type="checkbox" name="CHECKBOX_1" value="Upright." checked="">Upright.</input><br />
         <span><input id="CHECKBOX_1_1" type="checkbox" name="CHECKBOX_1" value="In bed." />
         <input id="CHECKBOX_1_1_FreeText" type="text" value="In bed." /></span></span></p></section>`,
      ),
    ).toBe('TECHNIQUE:\nTechnique\n[Upright.|]\n[|In bed.]');
  });

  test('2.4 a merge field that no header holds is a blank, and that is said', () => {
    const read = templateFrom(
      page('<section data-section-name="Findings"><input name="Creatinine" data-field-type="MERGE"></section>'),
    );
    expect(read.text).toBe('FINDINGS:\n[Creatinine?]');
    expect(read.notes).toEqual(['“Creatinine” was to be merged, but is not in the header of a film: it is a blank']);
  });

  test('2.5 a modality is taken from the codes; two that differ say nothing', () => {
    const codes = (...values: string[]) =>
      `<script type="text/xml"><template_attributes>${values.map((value) => `<code value="${value}" scheme="RADLEX"/>`).join('')}</template_attributes></script>`;
    const body = '<section data-section-name="Findings">x</section>';
    expect(templateFrom(page(body, codes('RID10321'))).when.modality).toBe('CT');
    expect(templateFrom(page(body, codes('RID10321', 'RID10312'))).when.modality).toBe('');
  });
});

describe('3 files that are none', () => {
  const refusal = (file: Uint8Array): string => {
    try {
      templateFrom(file);
      return '';
    } catch (error) {
      if (error instanceof RangeError) return error.message;
      throw error;
    }
  };
  test.each([
    ['an empty file', bytes(''), /no HTML/],
    ['a text', bytes('Normal chest.'), /no HTML/],
    ['a DICOM file', new Uint8Array([...new Uint8Array(128), 68, 73, 67, 77]), /no HTML/],
    ['a page that is no template', bytes('<html><body><p>News</p></body></html>'), /without any/],
    ['a template without words', page('<section data-section-name=""><img src=x></section>'), /found none in it/],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x3c, 0]), /UTF-16/],
    ['Latin-1', new Uint8Array([...page('x'), 0xe9]), /not UTF-8/],
    ['a head that says Latin-1', bytes('<html><meta charset="iso-8859-1"><body>é</body></html>'), /iso-8859-1/],
    ['too large', new Uint8Array(513 * 1024).fill(32), /at most 512 kB, found 513 kB/],
    ['an entity bomb', bytes('<!DOCTYPE html [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><html>&b;</html>'), /entities/],
    ['a pit', page('<div>'.repeat(400)), /nested at most 100/],
    ['a flood', page('<br>'.repeat(30_000)), /20000 elements/],
    ['a novel', page(`<section data-section-name="Findings">${'word '.repeat(5_000)}</section>`), /at most 20000/],
  ])('3.1 %s is refused: expected, found', (_name, file, words) => {
    const message = refusal(file);
    expect(message).toMatch(words);
    expect(message).toMatch(/^Expected .+, found .+\. .+\.$/s);
  });
});

describe('4 no template makes more than text', () => {
  /** What attacks on pages are made of. */
  const hostile = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<iframe srcdoc="<script>alert(1)</script>">',
    '<a href="javascript:alert(1)">go</a>',
    '<form action="javascript:alert(1)"><input type=submit></form>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<textarea></textarea><script>alert(1)</script></textarea>',
    '<select><option>&lt;script&gt;alert(1)&lt;/script&gt;</select>',
    '<input value="&quot;><script>alert(1)</script>">',
    '&lt;img src=x onerror=alert(1)&gt;',
    '&#60;script&#62;',
    '&#x202e;gnitset&#x200b;&#0;&#1;&#xFEFF;',
    '<style>@import "//example.invalid";</style>',
    '<base href="//example.invalid"><meta http-equiv=refresh content="0;url=//example.invalid">',
    '<template><script>alert(1)</script></template>',
    '<!--<script>alert(1)</script>-->',
    '<![CDATA[<script>alert(1)</script>]]>',
    '<plaintext><script>',
    '<xmp><script>alert(1)</script></xmp>',
    '</section></body></html><script>alert(1)</script>',
    '{name}[a|b]FINDINGS:\n',
    '<label for=a>l</label><input id=a type=radio name=n><datalist id=a><option>',
    '\u0000\u0007\u001b[31m\ud800',
    '<p>IMPRESSION:</p>',
    '<section data-section-name="{id}|[x">',
  ];
  const anything = fc.array(
    fc.oneof(
      fc.constantFrom(...hostile),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('<', '>', '"', '&', '</p>'),
    ),
    { minLength: 1, maxLength: 12 },
  );

  /** Null: refused. */
  function readOf(file: Uint8Array) {
    try {
      return templateFrom(file);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      return null;
    }
  }

  test('4.1 no tag, no control, no sign of ours that is not one of its fields, only our sections', () => {
    fc.assert(
      fc.property(anything, fc.boolean(), (pieces, inHead) => {
        const body = `<section data-section-name="Findings">Words.${pieces.join('')}</section>`;
        const template = readOf(page(body, inHead ? pieces.join('') : ''));
        // A frame that is never closed swallows all that follows.
        if (!template) {
          expect(inHead).toBe(true);
          return;
        }
        const { text, source, name, notes, leftOut } = template;
        for (const said of [text, name, ...notes, ...leftOut, ...Object.values(source)]) {
          expect(said).not.toMatch(/<[\p{L}/!?]/u);
          expect(said.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
          expect(said).not.toMatch(/alert\(1\)<|javascript:/);
        }
        // Every bracket belongs to a choice or a blank, every brace to a field that we know.
        let rest = text;
        for (let found = nextChoice(rest, 0); found; found = nextChoice(rest, 0))
          rest = rest.slice(0, found.from) + rest.slice(found.to);
        expect(rest.replaceAll(/\{[a-z ]+\}/g, '')).not.toMatch(/[[\]{}]/);
        const order = ['indication', 'technique', 'comparison', 'findings', 'impression'];
        const sections = partsOf(text).map(({ section }) => order.indexOf(section ?? ''));
        expect(sections).toEqual([...new Set(sections)].sort((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });

  test('4.2 whatever bytes come: a template or a refusal in words', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(own.length - 1), (noise, at) => {
        const file = new Uint8Array(own);
        file.set(noise.subarray(0, own.length - at), at);
        expect(readOf(file)?.text).not.toBe('');
      }),
      { numRuns: 200 },
    );
  });
});
