/** The checks on real wording: what people coded for a report stands for what a model would have marked. */
import type { CheckedFinding, CheckInput } from '#core/report/checks/check.ts';
import { checksBeforeSigning } from '#core/report/checks/checks.ts';
import { LabelId } from '#core/study/ids.ts';
import type { RealReport } from './openI.ts';
import type { Rate } from './rates.ts';
import { documentOf } from './seeded.ts';

/** Label → the codes that say it. */
const codes: Record<string, RegExp> = {
  effusion: /^Pleural Effusion/,
  atelectasis: /^Pulmonary Atelectasis/,
  cardiomegaly: /^Cardiomegaly/,
  nodule: /^(Nodule|Granuloma\b|Calcified Granuloma)/,
  emphysema: /^(Emphysema|Pulmonary Emphysema|Pulmonary Disease, Chronic Obstructive)/,
  edema: /^(Pulmonary Edema|Pulmonary Congestion)/,
  hernia: /^Hernia, Hiatal/,
  pneumonia: /^Pneumonia/,
  consolidation: /^Consolidation/,
  infiltration: /^Infiltrate/,
  pneumothorax: /^Pneumothorax/,
  mass: /^Mass\b/,
  fibrosis: /^Pulmonary Fibrosis/,
  'lung-opacity': /^(Opacity|Airspace Disease)/,
};

export interface RealRow {
  name: string;
  rate: Rate;
  /** Reports that the count is of, to be looked at locally. */
  ids: string[];
}

const finding = (label: string, side: CheckedFinding['side'] = null): CheckedFinding => ({
  label: LabelId.parse(label),
  name: label,
  positive: true,
  side,
  decision: null,
  looked: true,
});

const inputOf = (sections: RealReport['sections'], changes: Partial<CheckInput> = {}): CheckInput => ({
  document: documentOf(sections),
  patient: { sex: '', ageYears: null },
  findings: [],
  heart: null,
  priors: 1,
  ...changes,
});

const fires = (check: string, input: CheckInput) => checksBeforeSigning(input).some((result) => result.check === check);

function count(
  name: string,
  reports: readonly RealReport[],
  failed: (report: RealReport) => boolean,
  wanted = false,
): RealRow {
  const found = reports.filter(failed);
  const shown = wanted ? reports.filter((report) => !found.includes(report)) : found;
  return { name, rate: { count: found.length, of: reports.length }, ids: shown.map(({ id }) => id) };
}

const whole = ({ sections }: RealReport) => sections.findings.length > 0 && sections.impression.length > 0;
const normal = (report: RealReport) => report.codes.includes('normal');

/** False alarms: the check fails although the report says what was coded, or says nothing wrong. */
export function falseAlarmRows(all: readonly RealReport[]): RealRow[] {
  const reports = all.filter(whole);
  const rows = Object.entries(codes).flatMap(([label, code]) => {
    const coded = reports.filter((report) => report.codes.some((text) => code.test(text)));
    return (['missed-finding', 'denied-finding'] as const).map((check) =>
      count(`${check}, ${label} coded`, coded, ({ sections }) =>
        fires(check, inputOf(sections, { findings: [finding(label)] })),
      ),
    );
  });
  const none = reports.filter(({ sections }) =>
    /^\W*(none|no (prior|comparison)|not available)/i.test(sections.comparison[0] ?? ''),
  );
  return [
    ...rows,
    count('laterality, text against text', reports, ({ sections }) => fires('laterality', inputOf(sections))),
    count('laterality, region on the coded side', withSide(reports), (report) => sided(report, false)),
    count('contradiction', reports, ({ sections }) => fires('contradiction', inputOf(sections))),
    count('contradiction, coded normal', reports.filter(normal), ({ sections }) =>
      fires('contradiction', inputOf(sections)),
    ),
    count('comparison, whose authors had no prior', none, ({ sections }) =>
      fires('comparison', inputOf(sections, { priors: 0 })),
    ),
    count(
      'sex-age, the sex that the indication names first',
      reports.filter((report) => sexOf(report) !== ''),
      (report) => fires('sex-age', inputOf(report.sections, { patient: { sex: sexOf(report), ageYears: null } })),
    ),
    count('empty-impression', reports, ({ sections }) => fires('empty-impression', inputOf(sections))),
    count('unfilled', reports, ({ sections }) => fires('unfilled', inputOf(sections))),
    count('not-read', reports, ({ sections }) => fires('not-read', inputOf(sections))),
  ];
}

/** Recall: something is made wrong with real words, and the check must fail. */
export function recallRows(all: readonly RealReport[]): RealRow[] {
  const reports = all.filter(whole);
  const normals = reports.filter(normal);
  return [
    ...Object.keys(codes).map((label) =>
      count(
        `missed or denied, ${label} marked, coded normal`,
        normals,
        ({ sections }) => {
          const input = inputOf(sections, { findings: [finding(label)] });
          return fires('missed-finding', input) || fires('denied-finding', input);
        },
        true,
      ),
    ),
    count('laterality, region on the other side', withSide(reports), (report) => sided(report, true), true),
    count(
      'laterality, sides of the impression exchanged',
      exchangeable(reports),
      ({ sections }) => fires('laterality', inputOf({ ...sections, impression: sections.impression.map(exchange) })),
      true,
    ),
    ...contradictionRows(reports, normals),
    count(
      'empty-impression, taken away',
      reports,
      ({ sections }) => fires('empty-impression', inputOf({ ...sections, impression: [] })),
      true,
    ),
  ];
}

/** A sentence of a normal report that denies it, put into a report that was coded with it. */
function contradictionRows(reports: readonly RealReport[], normals: readonly RealReport[]): RealRow[] {
  const denials: Record<string, RegExp> = {
    effusion: /^(no|there (is|are) no) (pleural )?effusions?\b/i,
    pneumothorax: /^(no|there (is|are) no) (pleural effusions? or )?pneumothora/i,
    cardiomegaly: /^(the )?(heart|cardiac|cardiomediastinal)[^.]*\bnormal\b/i,
  };
  return Object.entries(denials).map(([label, words]) => {
    const sentences = [
      ...new Set(normals.flatMap(({ sections }) => sections.findings.flatMap((text) => text.split(/(?<=\.)\s+/)))),
    ].filter((text) => words.test(text));
    const coded = reports.filter((report) => report.codes.some((text) => codes[label]?.test(text)));
    let next = 0;
    return count(
      `contradiction, ${label} coded and denied in another’s words`,
      coded,
      ({ sections }) =>
        fires(
          'contradiction',
          inputOf({ ...sections, findings: [...sections.findings, sentences[next++ % sentences.length] ?? ''] }),
        ),
      true,
    );
  });
}

const sideCodes = ['effusion', 'pneumothorax', 'atelectasis', 'nodule', 'lung-opacity'];
function sideOf(report: RealReport): { label: string; side: 'left' | 'right' } | null {
  for (const label of sideCodes) {
    const own = report.codes.filter((text) => codes[label]?.test(text));
    const text = own.join('/');
    if (own.length === 0 || /bilateral/.test(text) || /left/.test(text) === /right/.test(text)) continue;
    return { label, side: /left/.test(text) ? 'left' : 'right' };
  }
  return null;
}
const withSide = (reports: readonly RealReport[]) => reports.filter((report) => sideOf(report) !== null);
function sided(report: RealReport, other: boolean): boolean {
  const found = sideOf(report);
  if (!found) return false;
  const side = other ? (found.side === 'left' ? 'right' : 'left') : found.side;
  return checksBeforeSigning(inputOf(report.sections, { findings: [finding(found.label, side)] })).some(
    ({ check, label }) => check === 'laterality' && label !== null,
  );
}

const exchange = (text: string) =>
  text.replaceAll(/\b(left|right)\b/gi, (word) => (word.toLowerCase() === 'left' ? 'right' : 'left'));
/** Coded on one side, and both parts of the text name that side and not the other. */
const exchangeable = (reports: readonly RealReport[]) =>
  withSide(reports).filter((report) => {
    const side = sideOf(report)?.side ?? 'left';
    if (/middle lobe|lingula/i.test(report.sections.impression.join(' '))) return false;
    const only = (text: string) =>
      new RegExp(`\\b${side}\\b`, 'i').test(text) &&
      !/\bbilateral/i.test(text) &&
      !new RegExp(`\\b${side === 'left' ? 'right' : 'left'}\\b`, 'i').test(text);
    return only(report.sections.findings.join(' ')) && only(report.sections.impression.join(' '));
  });

function sexOf({ sections }: RealReport): 'M' | 'F' | '' {
  const word = /\b(male|man|gentleman|female|woman|lady)\b/i.exec(sections.indication.join(' '))?.[1]?.toLowerCase();
  if (!word) return '';
  return ['male', 'man', 'gentleman'].includes(word) ? 'M' : 'F';
}
