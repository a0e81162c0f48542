/** The sentences of a report as it stands, each with its origin and the evidence that it inherited. */
import type { SentenceId } from '../study/ids.ts';
import { originOf } from './origin.ts';
import type { Paragraph, ReportDocument, Sentence, SourceSentence } from './report.ts';

/** A sentence and its place: paragraph number within the section, character offsets within the paragraph's text. */
export interface SentenceSpan extends Sentence {
  paragraph: number;
  from: number;
  to: number;
}

export function spansOf(document: ReportDocument, sources: readonly SourceSentence[]): SentenceSpan[] {
  const byId = new Map(sources.map((source) => [source.id, source]));
  return document.sections.flatMap(({ key, paragraphs }) =>
    paragraphs.flatMap((runs, paragraph) =>
      split(runs).map(({ from, to, ids, text }): SentenceSpan => {
        const known = ids.flatMap((id) => byId.get(id) ?? []);
        const origin = originOf(text, known.length > 0 ? known.map((source) => source.text).join(' ') : null);
        const first = origin === 'human' ? undefined : known[0];
        return {
          section: key,
          paragraph,
          from,
          to,
          text,
          origin,
          sources: known.map((source) => source.id),
          finding: first?.finding ?? null,
          probability: first?.probability ?? null,
          evidence: origin === 'human' ? [] : known.flatMap((source) => source.evidence),
        };
      }),
    ),
  );
}

/** The same without the places: what is stored and exported. */
export function sentencesOf(document: ReportDocument, sources: readonly SourceSentence[]): Sentence[] {
  return spansOf(document, sources).map(({ paragraph: _p, from: _f, to: _t, ...sentence }) => sentence);
}

const terminator = /[.!?]["')\]]*$/;
const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|cf|vs|approx|ca|Dr|Prof|Fig|St|resp|incl|excl)\.$/i;

/** Sentence ends: a terminator before white space, or before text of another origin. */
function split(runs: Paragraph): { from: number; to: number; text: string; ids: SentenceId[] }[] {
  const text = runs.map((run) => run.text).join('');
  const owner: (SentenceId | null)[] = runs.flatMap((run) =>
    Array<SentenceId | null>(run.text.length).fill(run.source),
  );
  const found: { from: number; to: number; text: string; ids: SentenceId[] }[] = [];
  let start = 0;
  const close = (end: number) => {
    const slice = text.slice(start, end);
    const from = start + (slice.length - slice.trimStart().length);
    const to = start + slice.trimEnd().length;
    start = end;
    if (to <= from) return;
    const ids: SentenceId[] = [];
    // White space between two sentences keeps nobody's mark.
    for (let i = from; i < to; i++) {
      const id = owner[i];
      if (id && !/\s/.test(text[i] ?? '') && !ids.includes(id)) ids.push(id);
    }
    found.push({ from, to, text: text.slice(from, to), ids });
  };
  for (let i = 1; i <= text.length; i++) {
    const before = text.slice(Math.max(start, i - 12), i);
    if (i === text.length) close(i);
    else if (terminator.test(before) && !abbreviation.test(before)) {
      const otherSource = owner[i] !== owner[i - 1] && owner[i] !== null && owner[i - 1] !== null;
      if (/\s/.test(text[i] ?? '') || otherSource) close(i);
    }
  }
  return found;
}
