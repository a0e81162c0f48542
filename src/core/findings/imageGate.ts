/** What a gate pack says of a film's pixels, and what of that a reader is told. */
import type * as z from 'zod';
import type { ImageHeader } from '../imaging/header.ts';
import type { PackGate } from '../pack/pack.ts';
import type { Gate, GateReason } from './findings.ts';

export interface Verdict {
  accepted: boolean;
  /** Id of the likeliest kind among those that are let through, or among those that are not. */
  kind: string;
  name: string;
  /** Of the accepted kinds together, in [0,1]. */
  probability: number;
  /** The part of `kind` among those on its side. */
  certainty: number;
}

/** A film is said to be mirrored from this certainty on; below it too many are not (`CARD.md` of the pack). */
const MIRRORED = 0.8;

/** Softmax over the kinds; let through where the accepted ones together reach the threshold. Logits as `kinds`. */
export function verdictOf({ kinds, threshold }: PackGate, logits: readonly number[]): Verdict {
  if (logits.length !== kinds.length || !logits.every(Number.isFinite))
    throw new RangeError(`expected ${kinds.length} finite logits, found ${logits.length}`);
  const highest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - highest));
  const sum = weights.reduce((a, b) => a + b, 0);
  const shares = kinds.map((kind, index) => ({ kind, share: (weights[index] ?? 0) / sum }));
  const probability = shares.reduce((total, { kind, share }) => total + (kind.accepted ? share : 0), 0);
  const accepted = probability >= threshold;
  const [likeliest] = shares.filter(({ kind }) => kind.accepted === accepted).sort((a, b) => b.share - a.share);
  if (!likeliest) throw new RangeError('expected kinds that are let through and kinds that are not');
  const certainty = likeliest.share / (accepted ? probability : 1 - probability);
  return { accepted, kind: likeliest.kind.id, name: likeliest.kind.name, probability, certainty };
}

interface Words {
  reason: z.infer<typeof GateReason>;
  found: string;
  doThis: string;
}
const frontal = 'Open the frontal film of this exam, or write without AI.';
const turned = 'Correct the patient orientation at the source, or write without AI.';
const refusals: Record<string, Words> = {
  lateral: { reason: 'lateral', found: 'what looks like a lateral film', doThis: frontal },
  'other-part': { reason: 'other-part', found: 'what looks like a film of another body part', doThis: frontal },
  section: {
    reason: 'section',
    found: 'what looks like a CT, MR or ultrasound image, or another picture',
    doThis: frontal,
  },
  inverted: {
    reason: 'inverted',
    found: 'black and white exchanged (bones dark, air bright)',
    doThis: 'Correct the photometric interpretation at the source, open the processed image, or write without AI.',
  },
  'turned-left': { reason: 'rotated', found: 'a film turned by 90°, the head to the left', doThis: turned },
  'turned-right': { reason: 'rotated', found: 'a film turned by 90°, the head to the right', doThis: turned },
  'upside-down': { reason: 'rotated', found: 'a film upside down', doThis: turned },
  blank: { reason: 'blank', found: 'a blank image', doThis: 'Open the exposed film, or write without AI.' },
  cropped: {
    reason: 'cropped',
    found: 'what looks like a part of a chest film',
    doThis: 'Open the whole film, or write without AI.',
  },
  'screen-photo': {
    reason: 'screen-photo',
    found: 'what looks like a photograph of a screen or light box',
    doThis: 'Open the original file, or write without AI.',
  },
  synthetic: {
    reason: 'synthetic',
    found: 'what looks like a drawing, not a film of a person',
    doThis: 'Open a film of a person.',
  },
};
const EXPECTED = 'Expected an upright frontal chest film, ';

/** `before` is what the header allowed; a film that the header refused is not asked about. */
export function judged(before: Gate, header: Pick<ImageHeader, 'synthetic'>, verdict: Verdict): Gate {
  const caveat = (text: string): Gate => ({ ...before, caveats: [...before.caveats, text] });
  if (header.synthetic) return caveat(demonstration(verdict));
  if (verdict.accepted)
    return verdict.kind === 'mirrored' && verdict.certainty >= MIRRORED
      ? caveat('The film looks mirrored, with the heart on the patient’s right: check the side marker.')
      : before;
  const known = refusals[verdict.kind];
  const { reason, found, doThis } = known ?? { reason: 'not-frontal', found: `“${verdict.name}”`, doThis: frontal };
  return { ...before, accepted: false, reason, message: `${EXPECTED}found ${found}. ${doThis}` };
}

/** A phantom says so in its header. What the gate makes of it is shown, and the demonstration goes on. */
function demonstration({ accepted, kind, name }: Verdict): string {
  if (accepted) return 'Input gate: it takes this drawing for a chest film of a person. It is none.';
  const said = kind === 'synthetic' ? 'not a film of a person' : `“${name}”`;
  return `Input gate: ${said}. A film would be refused here; the demonstration goes on.`;
}
