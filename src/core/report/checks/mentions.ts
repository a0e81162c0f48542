/** Which findings a report speaks of, and whether it says that they are there. */
import { isStatement, type ReadSentence } from './sentences.ts';
import { compile, type Hit, hitsOf, overlaps } from './pattern.ts';
import { type SideSet, sidesNear, sidesOf } from './sides.ts';
import cues from './words/cues.en.json' with { type: 'json' };
import findings from './words/findings.en.json' with { type: 'json' };

/** `partly`: a kind or degree of it is denied ("no large effusion"), which says little of the rest. */
export type Status = 'affirmed' | 'uncertain' | 'partly' | 'denied';

export interface Mention {
  concept: string;
  status: Status;
  sides: SideSet;
  sentence: ReadSentence;
  /** Offsets within the sentence. */
  from: number;
  to: number;
  /** Said of everything that is left ("otherwise clear"), so that it stands against nothing. */
  restOnly: boolean;
}

const concepts = findings.concepts.map(({ id, terms, except }) => ({
  id,
  terms: compile(terms),
  except: except.length > 0 ? compile(except) : null,
}));
const normals = findings.normal.map(({ denies, terms }) => ({ denies, terms: compile(terms) }));
const aboutTheModel = compile(cues.aboutTheModel);
const noNegation = compile(cues.noNegation);
const before = compile(cues.negationBefore);
const after = compile(cues.negationAfter);
const ends = compile(cues.negationEnds);
const qualifiers = compile(cues.qualifiers);
const uncertain = compile(cues.uncertain);
const restOnly = compile(cues.restOnly);

/** In Findings and Impression only; what is asked about in the indication is no answer. */
export function mentionsOf(sentences: readonly ReadSentence[]): Mention[] {
  // What the model was asked for is no finding of the film, neither there nor absent.
  const said = sentences.filter((one) => isStatement(one) && hitsOf(aboutTheModel, one.text).length === 0);
  return said.flatMap((sentence) => {
    const found = named(sentence);
    // "Heart size top normal" is no plain denial: what names the finding itself counts.
    const plain = normal(sentence).filter(
      (no) => !found.some((own) => own.concept === no.concept && own.status !== 'denied' && overlaps(own, no)),
    );
    return [...found, ...plain];
  });
}

function named(sentence: ReadSentence): Mention[] {
  const hits = concepts.flatMap(({ id, terms, except }) => {
    const not = except ? hitsOf(except, sentence.text) : [];
    return hitsOf(terms, sentence.text)
      .filter((hit) => !not.some((other) => overlaps(hit, other)))
      .map((hit) => ({ concept: id, hit }));
  });
  const all = hits.map(({ hit }) => hit);
  return hits.map(({ concept, hit }) => ({
    concept,
    status: statusOf(sentence, hit),
    sides: sidesNear(sentence, hit, all),
    sentence,
    from: hit.from,
    to: hit.to,
    restOnly: hitsOf(restOnly, sentence.text).length > 0,
  }));
}

/** "The lungs are clear" denies a family of findings. */
function normal(sentence: ReadSentence): Mention[] {
  return normals.flatMap(({ denies, terms }) =>
    hitsOf(terms, sentence.text)
      .filter((hit) => !negatedBefore(sentence, hit) || /^(no|without)\b/i.test(hit.text))
      .flatMap((hit) =>
        denies.map((concept): Mention => ({
          concept,
          status: 'denied',
          sides: sidesOfNormal(sentence, hit),
          sentence,
          from: hit.from,
          to: hit.to,
          restOnly: hitsOf(restOnly, sentence.text).length > 0,
        })),
      ),
  );
}

/** "The right lung and both pleural spaces are clear" says it of the right lung: the side before the first noun counts. */
function sidesOfNormal(sentence: ReadSentence, hit: Hit): SideSet {
  const clause = clauseAround(sentence, hit);
  const head = sidesOf(
    sentence.text
      .slice(clause.from, hit.from)
      .split(/,|\band\b/i)
      .at(-1) ?? '',
  );
  return head.size > 0 ? head : sidesOf(sentence.text.slice(hit.from, clause.to));
}

function clauseAround(sentence: ReadSentence, hit: Hit): { from: number; to: number; text: string } {
  const clause = sentence.clauses.find(({ from, to }) => hit.from >= from && hit.from < to) ?? {
    from: 0,
    to: sentence.text.length,
  };
  const to = Math.max(clause.to, hit.to);
  return { from: clause.from, to, text: sentence.text.slice(clause.from, to) };
}

function statusOf(sentence: ReadSentence, hit: Hit): Status {
  const clause = clauseAround(sentence, hit);
  const denial = negatedBefore(sentence, hit) ?? negatedAfter(sentence, hit);
  if (denial !== null) return hitsOf(qualifiers, denial).length > 0 ? 'partly' : 'denied';
  return hitsOf(uncertain, clause.text).length > 0 || sentence.text.includes('?') ? 'uncertain' : 'affirmed';
}

/** The words between a negation and the hit; null where none reaches it. */
function negatedBefore(sentence: ReadSentence, hit: Hit): string | null {
  const inside = /^(?!no(n|t|r)?e?\b).*\b(not|no|without)\b/iu.exec(hit.text);
  if (inside) return '';
  const clause = clauseAround(sentence, hit);
  const head = sentence.text.slice(clause.from, hit.from);
  const masked = hitsOf(noNegation, clause.text);
  const cue = hitsOf(before, head)
    .filter((found) => !masked.some((mask) => overlaps(found, mask)))
    .at(-1);
  // A negation that a list goes on with counts from the first "no" that no end stands after.
  if (!cue) return null;
  const between = head.slice(cue.to);
  if (/\b(near|nearly|almost|partial|incomplete)\b/i.test(head.slice(0, cue.from).slice(-24))) return 'residual';
  return hitsOf(ends, between).length > 0 ? null : between;
}

function negatedAfter(sentence: ReadSentence, hit: Hit): string | null {
  const clause = clauseAround(sentence, hit);
  const tail = sentence.text.slice(hit.to, clause.to);
  const masked = hitsOf(noNegation, tail);
  const cue = hitsOf(after, tail).find((found) => !masked.some((mask) => overlaps(found, mask)));
  if (!cue) return null;
  const between = tail.slice(0, cue.from);
  if (/[,.]|\band\b|\bwith\b/i.test(between)) return null;
  // "has resolved almost completely" leaves something: the words go to the caller as those of a partial denial.
  return /\b(almost|nearly|largely|mostly|partly|partially)\b/i.test(tail)
    ? 'residual'
    : sentence.text.slice(0, hit.from).slice(-24);
}
