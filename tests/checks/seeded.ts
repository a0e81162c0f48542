/** Reads the seeded reports (the format stands at the head of reports/development.txt). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type CheckedFinding, CheckId, type CheckInput, CheckSide } from '#core/report/checks/check.ts';
import type { ReportDocument, SectionKey } from '#core/report/report.ts';
import { LabelId } from '#core/study/ids.ts';

export interface SeededReport {
  /** File and line, to find it again. */
  name: string;
  /** Checks that must fail; none for a clean report. */
  expected: CheckId[];
  input: CheckInput;
}

interface Film {
  sections: Record<SectionKey, string[]>;
  sex: string;
  ageYears: number | null;
  priors: number;
  findings: CheckedFinding[];
  heart: CheckInput['heart'];
}

const keys: Record<string, SectionKey> = {
  I: 'indication',
  T: 'technique',
  C: 'comparison',
  F: 'findings',
  M: 'impression',
};
const order: readonly SectionKey[] = ['indication', 'technique', 'comparison', 'findings', 'impression'];

export function seededReports(half: 'development' | 'held-out'): SeededReport[] {
  const lines = readFileSync(path.join(import.meta.dirname, 'reports', `${half}.txt`), 'utf8').split('\n');
  const bases = new Map<string, Film>();
  let base: Film | undefined;
  const reports: SeededReport[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    if (line.startsWith('= ')) {
      const [name = '', sex = '', age = '', priors = ''] = line.slice(2).split(' ');
      base = empty(sex === '-' ? '' : sex, age === '-' ? null : Number(age), Number(priors));
      bases.set(name, base);
    } else if (/^[ITCFM] /.test(line) && base) {
      base.sections[sectionOf(line.charAt(0))].push(line.slice(2));
    } else {
      const [expected = '', name = '', changes = ''] = line.split('|').map((part) => part.trim());
      const film = bases.get(name);
      if (!film) throw new RangeError(`Expected a base that the file defines, found ${name} in line ${index + 1}.`);
      const seeded = structuredClone(film);
      for (const change of changes.split(';;')) apply(seeded, change);
      reports.push({
        name: `${half}.txt:${index + 1}`,
        expected: expected === '-' ? [] : expected.split(',').map((id) => CheckId.parse(id)),
        input: inputOf(seeded),
      });
    }
  });
  return reports;
}

const sectionOf = (letter: string): SectionKey => {
  const key = keys[letter];
  if (!key) throw new RangeError(`Expected one of I T C F M, found ${letter}.`);
  return key;
};

const empty = (sex: string, ageYears: number | null, priors: number): Film => ({
  sections: { indication: [], technique: [], comparison: [], findings: [], impression: [] },
  sex,
  ageYears,
  priors,
  findings: [],
  heart: null,
});

function apply(film: Film, raw: string): void {
  const change = raw.trim();
  if (change === '') return;
  const text = /^([ITCFM])([+=])\s?(.*)$/u.exec(change);
  if (text) {
    const [, letter = '', sign, words = ''] = text;
    const key = sectionOf(letter);
    if (sign === '=') film.sections[key] = [words];
    else film.sections[key].push(words);
    return;
  }
  const [word = '', rest = ''] = split(change, ' ');
  if (word === 'swap') swap(film, raw);
  else if (word === 'sex') film.sex = rest;
  else if (word === 'age') film.ageYears = rest === '-' ? null : Number(rest);
  else if (word === 'priors') film.priors = Number(rest);
  else if (word === 'heart') film.heart = { ratio: Number(rest), enlarged: Number(rest) > 0.5 };
  else if (word === 'ai') film.findings.push(findingOf(rest));
  else throw new RangeError(`Expected a change, found ${change}.`);
}

function swap(film: Film, raw: string): void {
  const [from = '', to = ''] = split(raw.trimStart().slice('swap '.length), '=>').map((part) => part.trim());
  let found = false;
  for (const key of order)
    film.sections[key] = film.sections[key].map((line) => {
      if (!line.includes(from)) return line;
      found = true;
      return line.replace(from, to);
    });
  if (!found) throw new RangeError(`Expected the text to hold “${from}”.`);
}

function findingOf(words: string): CheckedFinding {
  const [head = '', ...flags] = words.split('!');
  const [label = '', side] = head.split(':');
  return {
    label: LabelId.parse(label),
    name: label === 'effusion' ? 'Pleural effusion' : label.replaceAll('-', ' '),
    positive: true,
    side: side === undefined ? null : CheckSide.parse(side),
    decision: flags.includes('rejected') ? 'rejected' : null,
    looked: flags.includes('looked'),
  };
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length)];
}

const inputOf = ({ sections, sex, ageYears, priors, findings, heart }: Film): CheckInput => ({
  document: documentOf(sections),
  patient: { sex, ageYears },
  findings,
  heart,
  priors,
});

export const documentOf = (sections: Readonly<Record<SectionKey, readonly string[]>>): ReportDocument => ({
  sections: order.map((key) => ({ key, paragraphs: sections[key].map((text) => [{ text, source: null }]) })),
});
