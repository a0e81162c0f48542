/** What must be known before any other figure is read, weakest first: sentences made of the figures themselves. */
import type { Interval } from '../pack/pack.ts';
import type { Evaluation } from './evaluation.ts';

/** An area under the curve whose interval reaches down to this has not been told from luck. */
const LUCK = 0.5;
/** A negative may be written from this lower bound of the sensitivity on. */
const FOR_NEGATIVES = 0.95;
/** Of films that should pass, at most this share may be refused. */
const REFUSED = 0.02;
/** Of inputs of one kind that must be refused, at least this share should be. */
const KEPT_OUT = 0.99;
/** Positive films below which every figure of a finding may be luck. */
const ENOUGH = 60;

export const shareOf = ({ value, low, high }: Interval): string =>
  `${percent(value)} (${percent(low).replace(' %', '')}–${percent(high).replace(' %', '')})`;
export const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;
export const areaOf = ({ value, low, high }: Interval): string =>
  `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;

export function firstOf(evaluation: Omit<Evaluation, 'first'>): string[] {
  const { findings, counts, gate, places, anatomy, about } = evaluation;
  const listed = findings.filter((one) => one.listed);
  const lines: string[] = listed.length === 0 ? ['The pack lists no finding: no reader sees any of these.'] : [];
  const [weakest] = listed.filter(({ auc }) => auc);
  if (weakest?.auc)
    lines.push(
      `Weakest listed finding: ${weakest.name}, AUC ${areaOf(weakest.auc)} on ${weakest.positives} positive of ${weakest.films} films.`,
    );
  const unmeasured = listed.filter(({ auc }) => !auc);
  if (unmeasured.length > 0)
    lines.push(
      `Listed, and not measured here for want of films: ${names(unmeasured)}. Nothing is known of them on these films.`,
    );
  const luck = listed.filter(({ auc }) => auc && auc.low <= LUCK);
  if (luck.length > 0) lines.push(`Not told from chance on these films (interval reaches 0.5): ${names(luck)}.`);
  const fallen = listed.filter(({ auc, card }) => auc && auc.high < card.low);
  if (fallen.length > 0) lines.push(`Worse here than on the pack’s card, beyond both intervals: ${names(fallen)}.`);
  const few = listed.filter(({ auc, positives }) => auc && positives < ENOUGH);
  if (few.length > 0)
    lines.push(
      `Fewer than ${ENOUGH} positive films: ${few.map((one) => `${one.name} (${one.positives})`).join(', ')}. Their intervals are wide, and figures within them may be luck.`,
    );
  const proven = listed.filter(({ rates }) => (rates.sensitivity?.low ?? 0) >= FOR_NEGATIVES);
  lines.push(
    `Findings whose sensitivity here has a lower bound of ${FOR_NEGATIVES} or more, so that “no …” could be written: ${proven.length > 0 ? names(proven) : 'none'}.`,
  );
  const missed = gate.valid.filter(({ refused }) => refused.value > REFUSED);
  for (const { source, refused, films } of missed)
    lines.push(
      `Of ${films} frontal films of ${source || 'the folder'} that should pass, the gate refused ${shareOf(refused)}.`,
    );
  for (const { expected, refused, films } of gate.kinds.filter(({ refused }) => refused.value < KEPT_OUT))
    lines.push(
      `Of ${films} inputs that must be refused as ${expected}, the gate let through ${100 - Math.round(100 * refused.value)} % (refused ${shareOf(refused)}).`,
    );
  const unproven = gate.valid.filter((one) => one.refused.high > REFUSED && !missed.includes(one));
  if (unproven.length > 0)
    lines.push(
      `That the gate refuses at most ${percent(REFUSED)} of valid films, the interval’s upper end included, cannot be shown with so few: ${unproven.map(({ source, refused, films }) => `${source || 'the folder'} ${shareOf(refused)} of ${films}`).join('; ')}.`,
    );
  for (const { name, hits, anatomyOnly, films } of places.filter(
    (place) => place.listed && place.anatomyOnly && place.hits.value <= place.anatomyOnly.value,
  ))
    lines.push(
      `The map is no place finder: for ${name} it points into a box on ${shareOf(hits)} of ${films} films; one fixed place in the lungs does so on ${anatomyOnly ? shareOf(anatomyOnly) : 'none'}.`,
    );
  if (anatomy?.ratio && anatomy.ratio.films < 30)
    lines.push(`The cardiothoracic ratio could be compared on ${anatomy.ratio.films} films only.`);
  if (counts.unread > 0) lines.push(`${counts.unread} of ${counts.lines} films could not be read.`);
  const research = about.packs.filter(({ use }) => use === 'research');
  if (research.length > 0)
    lines.push(
      `For research use only, by the terms of the films that taught them: ${research.map(({ name }) => name).join(', ')}.`,
    );
  lines.push(
    'Truth here is what images.csv says. Labels that were mined from reports are often wrong; a figure measures agreement with them.',
  );
  return lines;
}

const names = (some: readonly { name: string }[]): string => some.map(({ name }) => name).join(', ');
