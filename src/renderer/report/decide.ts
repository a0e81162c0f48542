/**
 * A decision on a finding, carried out in the text as one step that can be undone. Undoing it brings the words back and
 * leaves the decision as it was stored: taking a decision back is a decision of its own.
 */
import { closeHistory } from 'prosemirror-history';
import type { Node } from 'prosemirror-model';
import type { EditorState, Transaction } from 'prosemirror-state';
import { isTyped, type Statement, type TextPlan } from '#core/report/decided.ts';
import type { SectionKey, SourceSentence } from '#core/report/report.ts';
import { sentencesIn } from '#core/report/stated.ts';
import type { SentenceId } from '#core/study/ids.ts';
import { children } from './document.ts';
import { placesOf, type PlacedSentence } from './places.ts';

/** `typed`: sentences that the reader wrote in go too, because the reader said so. */
export function decide(
  state: EditorState,
  sources: readonly SourceSentence[],
  plan: TextPlan,
  { typed }: { typed: boolean },
): Transaction {
  const tr = closeHistory(state.tr);
  const goes = (place: PlacedSentence) =>
    place.sources.length === 0
      ? plan.unsay.includes(place.text)
      : place.sources.some((id) => plan.out.includes(id)) && (typed || !isTyped(place));
  const places = placesOf(state.doc, sources);
  // What is written finds its place beside what goes, so it is written first.
  const said = new Set(places.filter((place) => !goes(place)).map(({ section, text }) => `${section} ${text}`));
  for (const statement of plan.say)
    if (!sentencesIn(statement.text).every((text) => said.has(`${statement.section} ${text}`)))
      say(tr, sources, statement);
  for (const id of plan.back) if (!places.some((place) => place.sources.includes(id))) bringBack(tr, sources, id);
  for (const place of places.filter(goes).reverse()) takeOut(tr, place);
  return tr;
}

/** With the space beside it; with its paragraph where nothing else stands there. */
function takeOut(tr: Transaction, place: PlacedSentence): void {
  const [start, end] = [tr.mapping.map(place.start, 1), tr.mapping.map(place.end, -1)];
  const $start = tr.doc.resolve(start);
  const rest = (from: number, to: number) => tr.doc.textBetween(from, to);
  const before = rest($start.start(), start);
  const after = rest(end, $start.end());
  if (before.trim() !== '' || after.trim() !== '') {
    const space = before.trim() === '' ? after.length - after.trimStart().length : 0;
    tr.delete(start - (before.length - before.trimEnd().length), end + space);
  } else if ($start.node(1).childCount > 1) tr.delete($start.before(), $start.after());
  else tr.delete($start.start(), $start.end());
}

function bringBack(tr: Transaction, sources: readonly SourceSentence[], id: SentenceId): void {
  const source = sources.find((one) => one.id === id);
  if (!source) return;
  const { schema } = tr.doc.type;
  const text = schema.text(source.text, [schema.mark('source', { id })]);
  write(tr, sources, { section: source.section, at: id, text });
}

function say(tr: Transaction, sources: readonly SourceSentence[], { section, text, before }: Statement): void {
  write(tr, sources, { section, at: before, text: tr.doc.type.schema.text(text) });
}

/** A paragraph where the sentence `at` stands or stood: behind what the draft has before it; at the end for null. */
function write(
  tr: Transaction,
  sources: readonly SourceSentence[],
  { section, at, text }: { section: SectionKey; at: SentenceId | null; text: Node },
): void {
  let begin = -1;
  tr.doc.forEach((node, place) => {
    if (node.attrs['key'] === section) begin = place + 1;
  });
  const found = begin < 0 ? null : tr.doc.resolve(begin).parent;
  if (!found) return;
  const paragraphs = children(found);
  const [only] = paragraphs;
  if (paragraphs.length === 1 && only?.content.size === 0) {
    tr.insert(begin + 1, text);
    return;
  }
  const order = sources.map(({ id }) => String(id));
  const mine = at === null ? order.length : order.indexOf(at);
  const ranks = paragraphs.map((paragraph) => sourcesIn(paragraph).map((id) => order.indexOf(id)));
  const last = ranks.findLastIndex((own) => own.some((rank) => rank >= 0 && rank < mine));
  const next = ranks.findIndex((own) => own.some((rank) => rank >= mine));
  const index = last >= 0 ? last + 1 : next >= 0 ? next : paragraphs.length;
  const to = paragraphs.slice(0, index).reduce((place, paragraph) => place + paragraph.nodeSize, begin);
  tr.insert(to, tr.doc.type.schema.node('paragraph', null, text));
}

const sourcesIn = (paragraph: Node): string[] =>
  children(paragraph).flatMap(({ marks }) => marks.map((mark) => String(mark.attrs['id'])));
