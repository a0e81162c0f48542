/** The planned writer: findings, places and measurements → sentences, all their words from a phrase book. */
import { bandOf, type Finding } from '../findings/findings.ts';
import type { NamedPlace } from '../findings/namedPlace.ts';
import { isEnlarged, isNotEnlarged } from '../measure/enlarged.ts';
import type { Anatomy } from '../measure/measurement.ts';
import type { PackLabel } from '../pack/pack.ts';
import { InstanceId, type LabelId, SentenceId } from '../study/ids.ts';
import { mayStandBeside } from './denials.ts';
import { byImportance } from './importance.ts';
import type { ReportLanguage } from './language.ts';
import { bookOf, noteIn, type PhraseBook } from './phrases/book.ts';
import {
  assessedWords,
  extentWords,
  findingWords,
  measuredWords,
  negativeWords,
  numberWords,
} from './phrases/words.ts';
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
  /** Places that may be named, by finding; a finding without one gets no side and no zone. */
  places?: ReadonlyMap<LabelId, NamedPlace>;
  instance: string;
  viewPosition: string;
  /** The file does not say how the patient lies in the image, so the standard pose was taken: the text says so. */
  sideAssumed: boolean;
  /** What the reader should know about the film, from the gate. */
  note: string;
  language?: ReportLanguage;
}

type Draft = Omit<SourceSentence, 'id'>;
type Writer = PlannedInput & { book: PhraseBook };

/**
 * Findings: what was measured, positives by probability, the negatives that are allowed, what was and was not assessed.
 * Impression: positives by importance, a heart that was measured as enlarged, or that nothing was flagged.
 */
export function plannedDraft(input: PlannedInput): SourceSentence[] {
  const language = input.language ?? 'en';
  const writer: Writer = { ...input, book: bookOf(language) };
  const { book } = writer;
  const positives = input.findings.filter((finding) => finding.positive).sort((a, b) => b.probability - a.probability);
  const large = (input.anatomy?.measurements ?? []).some(isEnlarged);
  const negatives = input.findings.filter(
    (finding) => !finding.positive && mayBeNegated(finding, input.labels) && mayStandBeside(finding, positives, large),
  );
  const nothing = input.findings.length > 0 && positives.length === 0;
  const assessed = assessedEvidence(input);
  const sentences: Draft[] = [
    ...technique(writer),
    ...measured(writer),
    ...positives.flatMap((finding) => [...positive(writer, 'findings', finding), ...notEnlarged(writer, finding)]),
    ...(nothing ? [plain('findings', book.nothingFlagged, [assessed])] : []),
    ...negatives.map((finding) => negative(writer, finding)),
    plain('findings', assessedWords(book, assessedIn(writer)), [assessed]),
    ...byImportance(positives).flatMap((finding) => positive(writer, 'impression', finding)),
    ...(input.findings.length === 0 ? [plain('impression', book.assessedNone, [assessed])] : []),
    ...enlarged(writer),
    ...(nothing ? [plain('impression', book.nothingFlaggedImpression, [assessed])] : []),
  ];
  return sentences.map((sentence, index) => ({
    id: SentenceId.parse(`s${index + 1}`),
    ...sentence,
    ...(language === 'en' ? {} : { language }),
  }));
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

/** What a draft was written in; the checks before signing read English only. */
export const languageOf = (sources: readonly SourceSentence[]): ReportLanguage =>
  sources.find(({ language }) => language !== undefined)?.language ?? 'en';

function mayBeNegated(finding: Finding, labels: readonly PackLabel[]): boolean {
  const label = labels.find(({ id }) => id === finding.label);
  return label !== undefined && label.sensitivity.low >= NEGATIVE_SENSITIVITY;
}

/** One sentence, in Findings a second one on the extent where it may be named. */
function positive({ book, places }: Writer, section: 'findings' | 'impression', finding: Finding): Draft[] {
  const named = places?.get(finding.label) ?? null;
  const evidence = [...regionOf(finding, named), operatingPoint(finding)];
  const sentence = (text: string): Draft => ({
    section,
    text,
    finding: finding.label,
    probability: finding.probability,
    evidence,
  });
  const said = sentence(findingWords(book, section, finding, bandOf(finding.probability), named));
  const extent = section === 'findings' && named ? extentWords(book, finding, named) : '';
  return extent === '' ? [said] : [said, sentence(extent)];
}

/** Words of a place rest on the region that it was counted on; else the map shows where the model looked. */
function regionOf({ label, region }: Finding, named: NamedPlace | null): Evidence[] {
  if (named) {
    const { side, zones, depth, extent } = named;
    return [{ kind: 'region', label, region: named.region, basis: named.by, place: { side, zones, depth, extent } }];
  }
  return region ? [{ kind: 'region', label, region, basis: 'saliency' }] : [];
}

function negative({ book }: Writer, finding: Finding): Draft {
  return {
    section: 'findings',
    text: negativeWords(book, finding),
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

function technique({ book, viewPosition, instance, note, sideAssumed }: Writer): Draft[] {
  const view = viewPosition === 'PA' || viewPosition === 'AP' ? viewPosition : '';
  const film: Evidence = { kind: 'film', instance: InstanceId.parse(instance), note };
  const said = plain('technique', book.technique.replace('{view}', book.view[view]), [film]);
  return sideAssumed ? [said, plain('technique', book.sideAssumed, [film])] : [said];
}

/** One sentence a measurement with its error, one each for what weakens it, or why there is none. */
function measured({ book, anatomy, instance }: Writer): Draft[] {
  if (!anatomy) return [];
  const said = anatomy.measurements.flatMap((measurement) => {
    const evidence: Evidence[] = [{ kind: 'measurement', measurement }];
    const caveats = measurement.caveats.map((caveat) => noteIn(book, caveat));
    return [measuredWords(book, measurement), ...caveats].map((text) => plain('findings', text, evidence));
  });
  const film: Evidence = { kind: 'film', instance: InstanceId.parse(instance), note: '' };
  return anatomy.note === '' ? said : [...said, plain('findings', noteIn(book, anatomy.note), [film])];
}

/** Beside cardiomegaly that the network flagged: a ratio that is not increased. It stays, whatever is decided of the finding. */
function notEnlarged({ book, anatomy }: Writer, { label }: Finding): Draft[] {
  if (label !== 'cardiomegaly') return [];
  return (anatomy?.measurements ?? []).filter(isNotEnlarged).map((measurement) => {
    const evidence: Evidence[] = [{ kind: 'measurement', measurement }];
    return plain('findings', book.notEnlarged.replace('{value}', numberWords(book, measurement.value, 2)), evidence);
  });
}

/** A heart that was measured as enlarged stands in the impression, whatever the network says of cardiomegaly. */
function enlarged({ book, anatomy }: Writer): Draft[] {
  return (anatomy?.measurements ?? []).filter(isEnlarged).map((measurement) => {
    const evidence: Evidence[] = [{ kind: 'measurement', measurement }];
    return plain('impression', book.enlarged.replace('{value}', numberWords(book, measurement.value, 2)), evidence);
  });
}

const plain = (section: SectionKey, text: string, evidence: Evidence[]): Draft => ({
  section,
  text,
  finding: null,
  probability: null,
  evidence,
});

type Assessed = Extract<Evidence, { kind: 'assessed' }>;

/** By the names of the pack, as they stand in the list of findings. */
function assessedEvidence({ findings, labels }: PlannedInput): Assessed {
  const names = new Set(findings.map((finding) => finding.name));
  return {
    kind: 'assessed',
    assessed: [...names],
    notAssessed: labels.map(({ name }) => name).filter((name) => !names.has(name)),
  };
}

function assessedIn({ findings, labels }: Writer) {
  const assessed = findings.map(({ label, name }) => ({ label: String(label), name }));
  const known = new Set(assessed.map(({ label }) => label));
  return {
    assessed,
    notAssessed: labels.filter(({ id }) => !known.has(id)).map(({ id, name }) => ({ label: id, name })),
  };
}
