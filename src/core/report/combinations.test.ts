/** What the planned writer may never write, over every combination of what it is given. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../findings/findings.ts';
import type { NamedPlace } from '../findings/namedPlace.ts';
import type { Anatomy, Measurement } from '../measure/measurement.ts';
import { isEnlarged } from '../measure/enlarged.ts';
import { notes } from '../measure/notes.ts';
import { Depth, PlaceSide, Zone } from '../measure/place.ts';
import { Pack, type PackLabel } from '../pack/pack.ts';
import { LabelId } from '../study/ids.ts';
import { checksBeforeSigning } from './checks/checks.ts';
import { ReportLanguage } from './language.ts';
import { bookOf } from './phrases/book.ts';
import { documentOf, languageOf, plannedDraft, type PlannedInput } from './planned.ts';
import { sentencesOf } from './sentences.ts';

const languages = ReportLanguage.options;
const half = { value: 0.5, low: 0.4, high: 0.6 };
const labelOf = (id: string, name: string, sensitivityLow: number): PackLabel => ({
  id,
  name,
  listed: true,
  calibration: { slope: 1, intercept: 0 },
  threshold: 0.1,
  prevalence: 0.1,
  positives: 100,
  auc: half,
  sensitivity: { value: 1, low: sensitivityLow, high: 1 },
  specificity: half,
  calibrationError: 0.1,
});
const square = {
  polygons: [
    [
      { x: 0, y: 0 },
      { x: 9, y: 0 },
      { x: 9, y: 9 },
    ],
  ],
  box: { x: 0, y: 0, width: 9, height: 9 },
};
const findingOf = ({ id, name }: PackLabel, probability: number): Finding => ({
  label: LabelId.parse(id),
  name,
  probability,
  threshold: 0.1,
  positive: probability >= 0.1,
  region: probability >= 0.1 ? square : null,
});
const ratioOf = (value: number, caveats: string[]): Measurement => ({
  name: 'cardiothoracic-ratio',
  value,
  unit: 'ratio',
  lines: [],
  error: { mean: 0.0234, p95: 0.0678, films: 89 },
  caveats,
});
const placeOf = (side: PlaceSide, zones: Zone[], depth: Depth | null, extent: number | null): NamedPlace => ({
  ...{ side, zones, depth, extent, by: 'mask', region: square },
  extentError: extent === null ? null : { mean: 0.04, p95: 0.09 },
});
const write = (over: Partial<PlannedInput>) =>
  plannedDraft({
    ...{ findings: [], labels: [], anatomy: null, instance: '1.2', viewPosition: 'PA', sideAssumed: false, note: '' },
    ...over,
  });

/** Every label of the books, and one that no book knows. */
const names = Object.entries(bookOf('en').findings).map(([id, { name }]) => [id, name] as const);
const every = (sensitivityLow: number) =>
  [...names, ['rib-fracture', 'Rib fracture'] as const].map(([id, name]) => labelOf(id, name, sensitivityLow));
/** A probability of each band and two below the operating point. */
const chances = [0.05, 0.15, 0.35, 0.65, 0.95];
const subsets = <T>(all: readonly T[], most: number): T[][] =>
  most === 0 || all.length === 0
    ? [[]]
    : all.flatMap((one, i) => subsets(all.slice(i + 1), most - 1).map((rest) => [one, ...rest])).concat([[]]);

/** What is wrong with one sentence, by the rule that it breaks. */
function faultsOf(text: string, language: ReportLanguage): string[] {
  const rules: [rule: string, broken: boolean][] = [
    ['begins with a capital', !/^\p{Lu}/u.test(text)],
    ['ends with a period', !/[^.,;:]\.$/.test(text)],
    ['single spaces and marks, no slot left', / {2}| [.,;:)]|\( |[{}]|undefined|NaN|\.\.|,,/.test(text)],
    ['no word twice', /\b(\p{L}+) \1\b/iu.test(text)],
    ...(language === 'en' ? english(text) : german(text)),
  ];
  return rules.filter(([, broken]) => broken).map(([rule]) => `${rule}: ${text}`);
}
const english = (text: string): [string, boolean][] => [
  ['one article', /\b(a|an|the|no) (a|an|the|no)\b/i.test(text)],
  ['a or an', /\ba [aeiou]|\ban [^aeiou]/i.test(text)],
  ['was of one', /^Only [^,]+ and .* was assessed/.test(text)],
  ['were of several', /^Only (?!.*(,| and ).* were).* were assessed/.test(text)],
];
const german = (text: string): [string, boolean][] => [
  ['one article', /\b(ein|eine|kein|keine) (ein|eine|kein|keine)\b/i.test(text)],
  ['decimal comma', /\d\.\d/.test(text)],
  ['wurde of one', / wurde nur .* und .* geprüft/.test(text)],
  ['wurden of several', / wurden nur (?!.*(,| und ).* geprüft).* geprüft/.test(text)],
];
/** What the pack that ships lists. */
const packFile = path.resolve(import.meta.dirname, '../../../models/chest-findings/pack.json');
const shipped = Pack.parse(JSON.parse(readFileSync(packFile, 'utf8'))).labels.flatMap(({ id, listed }) =>
  listed ? [id] : [],
);

const sound = new Set<string>();
function expectWellFormed(text: string, language: ReportLanguage): void {
  if (sound.has(`${language} ${text}`)) return;
  expect(faultsOf(text, language)).toEqual([]);
  sound.add(`${language} ${text}`);
}

function expectSound(input: Partial<PlannedInput>): void {
  for (const language of languages) {
    const sources = write({ ...input, language });
    const document = documentOf(sources);
    for (const { text } of sources) expectWellFormed(text, language);
    for (const section of ['findings', 'impression']) {
      const texts = sources.filter((one) => one.section === section).map(({ text }) => text);
      expect(new Set(texts).size, texts.join('\n')).toBe(texts.length);
      expect(texts.length).toBeGreaterThan(0);
    }
    expect(languageOf(sources)).toBe(language);
    // Each stays one sentence of the model's when the editor takes the text apart.
    const read = sentencesOf(document, sources);
    expect(read.map(({ text }) => text)).toEqual(sources.map(({ text }) => text));
    expect(read.every(({ origin, evidence }) => origin === 'model' && evidence.length > 0)).toBe(true);
    if (language === 'en') expect(complaintsOf(input, document)).toEqual([]);
  }
}

/** What the checks before signing say of an English draft that nobody touched. */
function complaintsOf(input: Partial<PlannedInput>, document: ReturnType<typeof documentOf>): string[] {
  const known = new Set(names.map(([id]) => id));
  const heart = input.anatomy?.measurements[0];
  return checksBeforeSigning({
    document,
    patient: { sex: 'F', ageYears: 50 },
    findings: (input.findings ?? [])
      .filter(({ label }) => known.has(label))
      .map(({ label, name, positive }) => {
        const side = input.places?.get(label)?.side ?? null;
        return { label, name, positive, side: side === 'bilateral' ? 'both' : side, decision: null, looked: true };
      }),
    heart: heart ? { ratio: heart.value, enlarged: isEnlarged(heart) } : null,
    priors: 0,
  }).map(({ check, message }) => `${check}: ${message}`);
}

describe('1 no combination contradicts itself, says a thing twice, or is no sentence', () => {
  test.each([0.4, 0.95])('1.1 every pair of findings in every pair of bands; negatives from %s on', (sensitivity) => {
    const labels = every(sensitivity);
    for (const pair of subsets(labels, 2))
      for (const first of chances)
        for (const second of pair.length === 2 ? [0.05, 0.35, 0.95] : [0])
          expectSound({ labels, findings: pair.map((label, i) => findingOf(label, i === 0 ? first : second)) });
  });

  test('1.2 up to five of the findings that ship, each in a band of its own', () => {
    const labels = every(0.4);
    const own = labels.filter(({ id }) => shipped.includes(id));
    expect(own).toHaveLength(shipped.length);
    for (const turn of chances.keys())
      for (const above of subsets(own, 5))
        expectSound({
          labels,
          findings: own.map((label, i) =>
            findingOf(label, above.includes(label) ? (chances[1 + ((i + turn) % 4)] ?? 0.5) : 0.02),
          ),
        });
  });

  test('1.3 every side, zone, depth and extent; of findings with and without an article, and of one that no book has', () => {
    const zones = subsets(Zone.options, 3);
    const four = every(0.4).filter(({ id }) => ['effusion', 'nodule', 'lung-opacity', 'rib-fracture'].includes(id));
    for (const label of four)
      for (const side of PlaceSide.options)
        for (const some of zones)
          for (const depth of some.length === 0 ? [null] : [null, ...Depth.options])
            for (const extent of [null, 0.004, 0.27])
              expectSound({
                labels: [label],
                findings: [findingOf(label, 0.65)],
                places: new Map([[LabelId.parse(label.id), placeOf(side, some, depth, extent)]]),
              });
  });

  test('1.4 two findings on two sides', () => {
    const labels = every(0.95);
    const of = (id: string) => labels.find((label) => label.id === id) ?? labelOf(id, id, 0.4);
    for (const pair of subsets(['effusion', 'lung-opacity', 'pneumonia', 'nodule', 'pneumothorax'].map(of), 2))
      for (const one of PlaceSide.options)
        for (const other of PlaceSide.options)
          expectSound({
            labels,
            findings: labels.map((label) => findingOf(label, pair.includes(label) ? 0.65 : 0.01)),
            places: new Map(
              pair.map((label, i) => [LabelId.parse(label.id), placeOf(i === 0 ? one : other, ['lower'], null, null)]),
            ),
          });
  });

  test('1.5 the ratio: none and why, small, large, with up to three caveats, in every view', () => {
    const caveats = Object.entries(notes).flatMap(([id, text]) => (id.startsWith('ratio-') ? [text] : []));
    const missing = Object.entries(notes).flatMap(([id, text]) => (id.startsWith('no-ratio-') ? [text] : []));
    const labels = every(0.95);
    const anatomies: Pick<Anatomy, 'measurements' | 'note'>[] = [
      ...missing.map((note) => ({ measurements: [], note })),
      ...subsets(caveats, 3).flatMap((some) =>
        [0.41, 0.52, 0.56, 0.57, 0.67].map((value) => ({ measurements: [ratioOf(value, some)], note: '' })),
      ),
    ];
    for (const [i, anatomy] of anatomies.entries())
      expectSound({
        anatomy,
        labels,
        findings: labels.map((label, k) => findingOf(label, (i + k) % 5 === 0 ? 0.65 : 0.01)),
        viewPosition: ['PA', 'AP', '', 'LL'][i % 4] ?? '',
        sideAssumed: i % 2 === 0,
      });
  });

  test('1.6 a pack that lists nothing', () => {
    expectSound({ labels: every(0.4) });
  });
});

describe('2 what is never said', () => {
  test('2.1 no side and no zone without a place, no comparison, no word of a finding that was not read', () => {
    const labels = every(0.95);
    const places =
      /\b(left|right|bilateral|both (sides|lungs)|upper|lower|mid|zone|angle|rechts?|links?|beidseits|\w*feld)\b/i;
    const comparison = /\b(unchanged|stable|new|increase|improved|worse|prior|previous|neu|zunehm|vergleich)\w*/i;
    for (const language of languages)
      for (const chance of chances) {
        const read = labels.slice(0, 4);
        const sources = write({ labels, findings: read.map((label) => findingOf(label, chance)), language });
        const text = sources.map((source) => source.text).join('\n');
        expect(text).not.toMatch(places);
        expect(text).not.toMatch(comparison);
        const { findings } = bookOf(language);
        const rest = sources.filter(({ evidence }) => evidence.every(({ kind }) => kind !== 'assessed'));
        for (const { id, name } of labels.slice(4))
          expect(rest.map((source) => source.text.toLowerCase()).join('\n')).not.toContain(
            (findings[id]?.name ?? name).toLowerCase(),
          );
      }
  });

  test('2.2 the rules can fail: what they are to find is found', () => {
    const wrong = [
      ...['no period', 'Two  spaces.', 'A a nodule.', 'An nodule.', 'Left {place}.', 'Mass, .', 'It is is so.'],
      ...['Only edema and mass was assessed.', 'Only edema were assessed.'],
    ];
    for (const text of wrong) expect(faultsOf(text, 'en'), text).not.toEqual([]);
    for (const text of ['Quotient 0.52.', 'Kein ein Erguss.', 'Vom Modell wurden nur Ödem geprüft.'])
      expect(faultsOf(text, 'de'), text).not.toEqual([]);
  });
});
