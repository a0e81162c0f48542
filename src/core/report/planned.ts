/** The planned writer: findings and measurements → sentences, from a phrase book. It names no side and no zone: nothing here measured one. */
import { bandOf, type Finding } from '../findings/findings.ts';
import { type Anatomy, boundOf, type Measurement } from '../measure/measurement.ts';
import type { PackLabel } from '../pack/pack.ts';
import { InstanceId, SentenceId } from '../study/ids.ts';
import phrases from './phrases/en.json' with { type: 'json' };
import type { Evidence, ReportDocument, SectionKey, SourceSentence } from './report.ts';

/** A negative is written only for a finding whose sensitivity at the operating point is at least this, lower bound. */
export const NEGATIVE_SENSITIVITY = 0.95;

export interface PlannedInput {
  /** Of listed labels only. */
  findings: readonly Finding[];
  /** All labels of the pack, listed or not. */
  labels: readonly PackLabel[];
  /** What was measured and why not; null where no anatomy pack read the film. */
  anatomy: Pick<Anatomy, 'measurements' | 'note'> | null;
  instance: string;
  viewPosition: string;
  /** The file does not say how the patient lies in the image, so the standard pose was taken: the text says so. */
  sideAssumed: boolean;
  /** What the reader should know about the film, from the gate. */
  note: string;
}

/** What was measured, positives by probability, then the negatives that are allowed, then what was and was not assessed. */
export function plannedDraft(input: PlannedInput): SourceSentence[] {
  const positives = input.findings.filter((finding) => finding.positive).sort((a, b) => b.probability - a.probability);
  const negatives = input.findings.filter((finding) => !finding.positive && mayBeNegated(finding, input.labels));
  const assessed = assessedEvidence(input);
  const sentences: Omit<SourceSentence, 'id'>[] = [
    ...technique(input),
    ...measured(input),
    ...positives.map((finding) => positive('findings', finding)),
    ...(positives.length === 0 ? [plain('findings', phrases.nothingFlagged, [assessed])] : []),
    ...negatives.map(negative),
    plain('findings', assessedSentence(assessed), [assessed]),
    ...positives.map((finding) => positive('impression', finding)),
    ...(positives.length === 0 ? [plain('impression', phrases.nothingFlaggedImpression, [assessed])] : []),
  ];
  return sentences.map((sentence, index) => ({ id: SentenceId.parse(`s${index + 1}`), ...sentence }));
}

const order: readonly SectionKey[] = ['indication', 'technique', 'comparison', 'findings', 'impression'];

/** The draft as text: every section, one sentence a paragraph. */
export function documentOf(sources: readonly SourceSentence[]): ReportDocument {
  return {
    sections: order.map((key) => {
      const own = sources.filter((source) => source.section === key);
      return { key, paragraphs: own.length === 0 ? [[]] : own.map(({ id, text }) => [{ text, source: id }]) };
    }),
  };
}

function mayBeNegated(finding: Finding, labels: readonly PackLabel[]): boolean {
  const label = labels.find(({ id }) => id === finding.label);
  return label !== undefined && label.sensitivity.low >= NEGATIVE_SENSITIVITY;
}

function positive(section: 'findings' | 'impression', finding: Finding): Omit<SourceSentence, 'id'> {
  const book = section === 'findings' ? phrases.positive : phrases.impression;
  const evidence: Evidence[] = [operatingPoint(finding)];
  if (finding.region)
    evidence.unshift({ kind: 'region', label: finding.label, region: finding.region, basis: 'saliency' });
  return {
    section,
    text: fill(book[bandOf(finding.probability)], finding.name),
    finding: finding.label,
    probability: finding.probability,
    evidence,
  };
}

function negative(finding: Finding): Omit<SourceSentence, 'id'> {
  return {
    section: 'findings',
    text: fill(phrases.negative, finding.name),
    finding: finding.label,
    probability: finding.probability,
    evidence: [operatingPoint(finding)],
  };
}

const operatingPoint = ({ label, probability, threshold }: Finding): Evidence => ({
  kind: 'operating-point',
  label,
  probability,
  threshold,
});

function technique(input: PlannedInput): Omit<SourceSentence, 'id'>[] {
  const view = input.viewPosition === 'PA' || input.viewPosition === 'AP' ? input.viewPosition : '';
  const text = phrases.technique.replace('{view}', phrases.view[view]);
  const film: Evidence = { kind: 'film', instance: InstanceId.parse(input.instance), note: input.note };
  const said = plain('technique', text, [film]);
  return input.sideAssumed ? [said, plain('technique', phrases.sideAssumed, [film])] : [said];
}

/** One sentence a measurement with its error, one each for what weakens it, or why there is none. */
function measured({ anatomy, instance }: PlannedInput): Omit<SourceSentence, 'id'>[] {
  if (!anatomy) return [];
  const said = anatomy.measurements.flatMap((measurement) => {
    const evidence: Evidence[] = [{ kind: 'measurement', measurement }];
    return [measuredText(measurement), ...measurement.caveats].map((text) => plain('findings', text, evidence));
  });
  const film: Evidence = { kind: 'film', instance: InstanceId.parse(instance), note: '' };
  return anatomy.note === '' ? said : [...said, plain('findings', anatomy.note, [film])];
}

const measuredText = ({ name, value, error }: Measurement): string =>
  phrases.measured[name]
    .replace('{value}', value.toFixed(2))
    .replace('{mean}', error.mean.toFixed(3))
    .replace('{p95}', boundOf(error.p95));

const plain = (section: SectionKey, text: string, evidence: Evidence[]): Omit<SourceSentence, 'id'> => ({
  section,
  text,
  finding: null,
  probability: null,
  evidence,
});

type Assessed = Extract<Evidence, { kind: 'assessed' }>;

function assessedEvidence({ findings, labels }: PlannedInput): Assessed {
  const names = new Set(findings.map((finding) => finding.name));
  return {
    kind: 'assessed',
    assessed: [...names],
    notAssessed: labels.map(({ name }) => name).filter((name) => !names.has(name)),
  };
}

function assessedSentence({ assessed, notAssessed }: Assessed): string {
  const text = notAssessed.length === 0 ? phrases.assessedAll : phrases.assessed;
  return text
    .replace('{assessed}', list(assessed, phrases.and))
    .replace('{was}', assessed.length === 1 ? phrases.was : phrases.were)
    .replace('{notAssessed}', list(notAssessed, phrases.or));
}

/** "a", "a and b", "a, b and c" */
function list(names: readonly string[], conjunction: string): string {
  const words = names.map(lower);
  const last = words.pop() ?? '';
  return words.length === 0 ? last : `${words.join(', ')} ${conjunction} ${last}`;
}

const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function fill(phrase: string, name: string): string {
  return phrase.replace('{Finding}', upper(name)).replace('{finding}', lower(name));
}
