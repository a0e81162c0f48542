/**
 * What becomes of a draft's sentences when a reader decides on one of its findings. The decision is a record of its
 * own and is never taken back by undoing the text: `standingOf` says where the two have come apart.
 */
import type { Finding } from '../findings/findings.ts';
import type { LabelId, SentenceId } from '../study/ids.ts';
import { mayStandBeside } from './denials.ts';
import { bookOf } from './phrases/book.ts';
import type { SourceSentence } from './report.ts';
import type { SentenceSpan } from './sentences.ts';
import type { FindingVerdict } from './signing.ts';
import { against, isSaid, restates, sentencesIn } from './stated.ts';

/** `accepted`: it is there; `modified`: it is there, in the reader's words; `rejected`: it is not there. */
export type Decision = Pick<FindingVerdict, 'label' | 'stated'> & {
  verdict: Exclude<FindingVerdict['verdict'], 'seen'>;
};

export interface Drafted {
  sources: readonly SourceSentence[];
  findings: readonly Pick<Finding, 'label' | 'positive'>[];
}

export interface TextPlan {
  /** Sentences of the model that go, where they stand unchanged. */
  out: readonly SentenceId[];
  /** Those that come back, where nothing is left of them. */
  back: readonly SentenceId[];
  /** Sentences that the reader stated before and that go, where they stand as they were stated. */
  unsay: readonly string[];
  /** What the reader states now, each in its section. */
  say: readonly Statement[];
}
export interface Statement {
  section: 'findings' | 'impression';
  text: string;
  /** The model's sentence in whose place it stands; null where it wrote none there. */
  before: SentenceId | null;
}

/** The newest decision on each finding; to have seen it is none. */
export function decisionsOf(verdicts: readonly FindingVerdict[]): Decision[] {
  const newest = new Map<LabelId, Decision>();
  for (const { label, verdict, stated } of verdicts)
    if (verdict !== 'seen') newest.set(label, { label, verdict, stated });
  return [...newest.values()];
}

/**
 * `verdicts`: all before `next`, oldest first. What the finding itself says follows whatever the text was before;
 * other sentences move only when this decision changes whether they hold.
 */
export function planOf(drafted: Drafted, verdicts: readonly FindingVerdict[], next: Decision): TextPlan {
  const before = decisionsOf(verdicts);
  const after = [...before.filter(({ label }) => label !== next.label), next];
  const [held, holds] = [untrueOf(drafted, before), untrueOf(drafted, after)];
  const own = (id: SentenceId) => drafted.sources.find((source) => source.id === id)?.finding === next.label;
  const ids = drafted.sources.map(({ id }) => id);
  const said = verdicts.filter(({ label }) => label === next.label).flatMap(({ stated }) => sentencesIn(stated));
  const says = sentencesIn(next.stated);
  return {
    out: ids.filter((id) => holds.has(id) && (own(id) || !held.has(id))),
    back: ids.filter((id) => !holds.has(id) && (own(id) || held.has(id))),
    unsay: [...new Set(said)].filter((sentence) => !says.includes(sentence)),
    say: statementsOf(drafted, next),
  };
}

/** The plan of the decision that is in force, for a text that no longer follows it. */
export function planAgain(drafted: Drafted, verdicts: readonly FindingVerdict[], own: Decision): TextPlan {
  // As if nothing had been decided on this finding, so that all that follows from it is done again.
  const undecided = verdicts.map((one) => (one.label === own.label ? { ...one, verdict: 'seen' as const } : one));
  return planOf(drafted, undecided, own);
}

/** Sentences of the model that may not stand beside what the reader decided. */
export function untrueOf({ sources, findings }: Drafted, decisions: readonly Decision[]): Set<SentenceId> {
  const positive = new Set(findings.filter((finding) => finding.positive).map(({ label }) => label));
  const decided = new Map(decisions.map((decision) => [decision.label, decision]));
  const there = decisions.filter(({ verdict }) => verdict !== 'rejected');
  const stays = (source: SourceSentence): boolean => {
    if (source.finding === null) return there.length === 0 || !saysNothingFlagged(source);
    const own = decided.get(source.finding);
    // The model's words for a finding that it marked; else its words that the finding is not there.
    if (positive.has(source.finding)) return own === undefined || own.verdict === 'accepted';
    if (own && own.verdict !== 'rejected') return false;
    return stands(source.finding, there);
  };
  return new Set(sources.filter((source) => !stays(source)).map(({ id }) => id));
}

const stands = (label: LabelId, there: readonly Decision[]) => mayStandBeside({ label }, there, false);

/** A sentence about all assessed findings at once: none was marked. It says less than the truth once one is there. */
function saysNothingFlagged({ text, language }: SourceSentence): boolean {
  const { nothingFlagged, nothingFlaggedImpression } = bookOf(language ?? 'en');
  return text === nothingFlagged || text === nothingFlaggedImpression;
}

/** That something is there stands in both sections, as the model writes it; that it is not, in the findings alone. */
function statementsOf(drafted: Drafted, { label, verdict, stated }: Decision): Statement[] {
  if (stated === '') return [];
  const sections = verdict === 'rejected' ? (['findings'] as const) : (['findings', 'impression'] as const);
  return sections.map((section) => ({ section, text: stated, before: placeOf(drafted, section, label) }));
}

/** Its own sentence, else the first that does not speak of a measurement or of a finding that was marked. */
function placeOf({ sources, findings }: Drafted, section: Statement['section'], label: LabelId): SentenceId | null {
  const inSection = sources.filter((source) => source.section === section);
  const marked = (id: LabelId) => findings.some((finding) => finding.label === id && finding.positive);
  const isAfter = ({ finding, evidence }: SourceSentence) =>
    finding === null ? evidence.some(({ kind }) => kind === 'assessed') : !marked(finding);
  return (inSection.find(({ finding }) => finding === label) ?? inSection.find(isAfter))?.id ?? null;
}

/** Where text and decision have come apart: after an undo, or where the reader had written in the sentence. */
export type Standing =
  | { kind: 'as-decided' }
  /** Sentences that the decision speaks against stand in the text; `edited`: the reader wrote in all of them. */
  | { kind: 'stands'; sentences: readonly SentenceSpan[]; edited: boolean }
  /** What the decision says does not stand in the text. */
  | { kind: 'missing'; texts: readonly string[] };

/**
 * `verdicts`: all, oldest first; of a finding that nobody decided on, text and decision agree. What the reader typed
 * is read in English only.
 */
export function standingOf(
  drafted: Drafted,
  verdicts: readonly FindingVerdict[],
  label: LabelId,
  spans: readonly SentenceSpan[],
): Standing {
  const own = decisionsOf(verdicts).find((decision) => decision.label === label);
  if (!own) return { kind: 'as-decided' };
  const untrue = untrueOf(drafted, [own]);
  const says = sentencesIn(own.stated);
  const overtaken = verdicts
    .filter((one) => one.label === label)
    .flatMap(({ stated }) => sentencesIn(stated))
    .filter((sentence) => !says.includes(sentence));
  const typed = against(spans, label, own.verdict !== 'rejected');
  const isOvertaken = ({ text }: SentenceSpan) =>
    overtaken.some((sentence) => restates(text, sentence)) && !says.some((sentence) => restates(text, sentence));
  const sentences = spans.filter(
    (span) =>
      typed.includes(span) ||
      (span.sources.length === 0 ? isOvertaken(span) : span.sources.some((id) => untrue.has(id))),
  );
  const isEdited = (span: SentenceSpan) => (span.sources.length === 0 ? !overtaken.includes(span.text) : isTyped(span));
  if (sentences.length > 0) return { kind: 'stands', sentences, edited: sentences.every(isEdited) };
  const missing = own.stated === '' ? unwritten(drafted, own, untrue, spans) : unsaid(own, spans);
  return missing.length > 0 ? { kind: 'missing', texts: missing } : { kind: 'as-decided' };
}

/** The finding that the reader's own sentence was stated of; null for one that was typed. */
export function statedOf(verdicts: readonly FindingVerdict[], { text, sources }: SentenceSpan): LabelId | null {
  if (sources.length > 0) return null;
  const stated = decisionsOf(verdicts).map(({ label, stated }) => ({ label, says: sentencesIn(stated) }));
  const same = (is: (sentence: string) => boolean) => stated.find(({ says }) => says.some(is))?.label ?? null;
  return same((sentence) => sentence === text) ?? same((sentence) => restates(text, sentence));
}

/** The reader's hand was in it; what a form wrote is not typed. */
export const isTyped = ({ origin, sources }: SentenceSpan): boolean => origin !== 'model' && sources.length > 0;

/** The model's own words for what was accepted, where none of them is left. */
function unwritten(
  { sources }: Drafted,
  { label, verdict }: Decision,
  untrue: ReadonlySet<SentenceId>,
  spans: readonly SentenceSpan[],
): string[] {
  const wanted = sources.filter(({ finding, id }) => verdict === 'accepted' && finding === label && !untrue.has(id));
  const left = wanted.some(({ id }) => spans.some((span) => span.sources.includes(id)));
  return left ? [] : wanted.map(({ text }) => text);
}

/** A section has all of it: word for word, or as the reader wrote on it; like words of the model's are none. */
function unsaid({ stated }: Decision, spans: readonly SentenceSpan[]): string[] {
  const says = sentencesIn(stated);
  const own = spans.filter(({ sources, text }) => sources.length === 0 || says.includes(text));
  const textsOf = (key: Statement['section']) => own.filter(({ section }) => section === key).map(({ text }) => text);
  return isSaid(stated, textsOf('findings')) || isSaid(stated, textsOf('impression')) ? [] : [stated];
}
