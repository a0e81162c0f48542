import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../phantom/random.ts';
import { readCsv } from '../csv.ts';
import { evaluate, type Run } from './evaluate.ts';
import type { FilmRow } from './film.ts';
import { pageOf, pictureKey } from './page/page.ts';
import { auc } from './roc.ts';
import { summaryOf } from './summary.ts';
import { filmTable } from './table.ts';

const half = { value: 0.5, low: 0.4, high: 0.6 };
const label = (id: string, name: string, listed: boolean) => ({
  id,
  name,
  listed,
  calibration: { slope: 1, intercept: 0 },
  threshold: 0.5,
  prevalence: 0.3,
  positives: 90,
  auc: { value: 0.98, low: 0.97, high: 0.99 },
  sensitivity: half,
  specificity: half,
  calibrationError: 0.1,
});
const labels = [label('effusion', 'Pleural <b>effusion</b>', true), label('mass', 'Mass', false)];
const masks = [{ id: 'right-lung' as const, name: 'Right lung', dice: half, films: 9 }];

const chance = mulberry32(5);
const truths = new Map<number, boolean>();
/** 80 films of 40 patients of source A, and 20 of source B, none of which has an effusion. */
const films = Array.from({ length: 100 }, (_, i): FilmRow => {
  const line = i + 1;
  const inB = i >= 80;
  const there = !inB && chance() < 0.3;
  truths.set(line, there);
  const accepted = i % 10 !== 9;
  const probability = Math.min(0.99, Math.max(0.01, (there ? 0.5 : 0.3) + 0.5 * (chance() - 0.5)));
  const found = {
    probability,
    peak: { x: 5, y: 5 },
    hit: i < 6 ? i < 3 : null,
    overlap: i < 6 ? 0.25 : null,
    lungsOverlap: i < 6 ? 0.5 : null,
  };
  return {
    key: String(i),
    line,
    file: `SECRET-NAME-${i}.png`,
    sha256: `abcdef0123456789${i}`,
    patient: `SECRET-ID-${Math.floor(i / 2)}`,
    source: inB ? 'B & sons' : 'A',
    sex: i % 2 === 0 ? 'F' : 'M',
    ageYears: 20 + (i % 60),
    view: i % 3 === 0 ? 'AP' : 'PA',
    expected: i >= 96 ? (i === 98 ? 'lateral' : 'inverted') : i === 95 ? 'accepted' : '',
    unread: '',
    gate: {
      accepted,
      by: accepted ? null : 'pixels',
      reason: accepted ? '' : 'inverted',
      message: accepted ? '' : 'Expected <x>.',
    },
    burnedIn: false,
    size: { rows: 10, columns: 10 },
    findings: accepted ? { effusion: found, mass: found } : {},
    lungs: accepted ? { found: true, box: { x: 0, y: 0, width: 10, height: 10 }, overlap: i < 4 ? 0.9 : null } : null,
    dice: accepted && i < 4 ? { 'right-lung': 0.9 + i / 100 } : {},
    ratio: accepted && i < 4 ? { pack: 0.5 + i / 100, annotators: 0.5 } : null,
    provider: accepted ? 'cpu' : '',
    runtime: '',
    fallback: '',
    milliseconds: 500,
  };
});
const run: Run = {
  about: {
    date: '2026-01-02T03:04:05.000Z',
    folder: 'films',
    split: 'test',
    program: 'RadDraft 0',
    machine: 'linux',
    provider: 'cpu',
    fallback: '',
    runtime: 'onnxruntime',
    packs: [{ id: 'p', name: 'Pack', version: '1.0.0', sha256: 'f00', task: 'findings', use: 'research' }],
    remarks: [],
  },
  films,
  truthOf: ({ line }) =>
    new Map([
      ['effusion', truths.get(line) ?? null],
      ['mass', null],
    ]),
  boxesOf: () => [{ x: 0, y: 0, width: 6, height: 6 }],
  findings: { labels },
  anatomy: { masks, ratio: null },
};
const evaluation = evaluate(run);
const [effusion] = evaluation.findings;

describe('1 figures', () => {
  test('1.1 a source without films that have the finding does not count towards it', () => {
    expect(effusion).toMatchObject({ id: 'effusion', films: 72, sources: ['A'] });
    expect(evaluation.counts).toMatchObject({ lines: 100, refused: 10, accepted: 90 });
  });

  test('1.2 every figure can be computed again from the table of films', () => {
    const { rows } = readCsv(filmTable(films, run.truthOf, labels, masks));
    expect(rows).toHaveLength(100);
    const known = rows.filter((row) => row['accepted'] === '1' && row['source'] === 'A');
    const truth = known.map((row) => row['effusion.truth'] === '1');
    expect(effusion?.auc?.value).toBeCloseTo(
      auc(
        truth,
        known.map((row) => Number(row['effusion.probability'])),
      ),
      12,
    );
    const called = known.filter((row) => row['effusion.called'] === '1');
    expect(effusion?.rates.counts.truePositives).toBe(called.filter((row) => row['effusion.truth'] === '1').length);
    expect(evaluation.places[0]?.hits.value).toBeCloseTo(
      known.filter((row) => row['effusion.box_hit'] === '1').length / 6,
    );
    const errors = rows
      .filter((row) => row['ratio.pack'] !== '')
      .map((row) => Math.abs(Number(row['ratio.pack']) - Number(row['ratio.annotators'])));
    expect(evaluation.anatomy?.ratio?.meanError.value).toBeCloseTo(
      errors.reduce((sum, one) => sum + one, 0) / errors.length,
    );
    expect(evaluation.gate.reasons).toEqual([
      expect.objectContaining({
        by: 'pixels',
        reason: 'inverted',
        films: rows.filter((row) => row['refused_by'] === 'pixels').length,
      }),
    ]);
  });

  test('1.3 a finding without known films has no figures, and no film of it is among the worst', () => {
    expect(evaluation.findings[1]).toMatchObject({ id: 'mass', films: 0, auc: null, roc: [] });
    expect(evaluation.worst.some((one) => one.label === 'mass')).toBe(false);
  });

  test('1.4 groups: an area only with five films of either kind', () => {
    const women = evaluation.groups.find(({ name }) => name === 'women');
    expect(women?.auc['effusion']).toBeGreaterThan(0.5);
    expect(evaluation.groups.find(({ name }) => name === 'B & sons')?.auc).toEqual({});
  });

  test('1.5 what must be known first names what is worse than on the card, few films and the gate', () => {
    const first = evaluation.first.join('\n');
    expect(first).toMatch(/^Weakest listed finding: Pleural/);
    expect(first).toContain('Worse here than on the pack’s card');
    expect(first).toContain('Fewer than 60 positive films');
    expect(first).toMatch(/Of 80 frontal films of A that should pass, the gate refused 10 %/);
    expect(first).toContain('For research use only');
  });

  test('1.6 inputs that must be refused have figures of their own, and do not count as valid', () => {
    expect(evaluation.gate.kinds).toMatchObject([
      { expected: 'lateral', films: 1, refused: { value: 0 }, named: { value: 0 } },
      { expected: 'inverted', films: 3, refused: { value: 1 / 3 }, named: { value: 1 / 3 } },
    ]);
    expect(evaluation.gate.valid.find(({ source }) => source === 'B & sons')?.films).toBe(16);
    expect(evaluation.first.join()).toContain('must be refused as inverted, the gate let through 67 %');
  });

  test('1.7 the same films give the same figures', () => expect(evaluate(run)).toEqual(evaluation));
});

describe('2 the page', () => {
  const [one] = evaluation.worst;
  const page = pageOf(evaluation, new Map(one ? [[pictureKey(one), 'data:image/png;base64,AAAA']] : []));
  test('2.1 says what it is, and names no patient and no file', () => {
    expect(page).toContain('For research and evaluation. Not for clinical use.');
    expect(page).not.toMatch(/SECRET/);
    expect(page).toContain('line 1');
  });

  test('2.2 brings everything along: no script, no address of another place', () => {
    expect(page).not.toMatch(/<script|https?:|@import|<link/i);
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<img src="data:image\/png;base64,AAAA"/g)).toHaveLength(1);
  });

  test('2.3 nothing of a folder becomes markup', () => {
    expect(page).toContain('Pleural &lt;b&gt;effusion&lt;/b&gt;');
    expect(page).toContain('Expected &lt;x&gt;.');
    expect(page).toContain('B &amp; sons');
    expect(page).not.toContain('<b>effusion');
  });

  test('2.4 has the curve and the operating point of every listed finding that could be measured', () => {
    expect(page.match(/aria-label="ROC curve of/g)).toHaveLength(1);
    expect(page.match(/aria-label="Reliability of/g)).toHaveLength(1);
  });

  test('2.5 the same in plain text', () => {
    const text = summaryOf(evaluation);
    expect(text).toMatch(/● Pleural/);
    expect(text).toMatch(/○ Mass +0 of 0 +too few films/);
    expect(text).not.toMatch(/SECRET|NaN|undefined/);
    expect(page).not.toMatch(/NaN|undefined/);
  });
});
