/** What an impression says first: what may need a hand at once, then what needs more looking, then what is of long standing. */
import { bandOf, type Finding } from '../findings/findings.ts';
import ranks from './importance.json' with { type: 'json' };

const order: readonly (readonly string[])[] = [ranks.urgent, ranks.soon, ranks.later];

/** 0 is the most important; a label that the table does not know needs more looking. */
export function rankOf(label: string): number {
  const rank = order.findIndex((labels) => labels.includes(label));
  return rank < 0 ? 1 : rank;
}

/**
 * By rank, and within it by probability; what is flagged and yet unlikely comes last. Of that only what may need a hand at once
 * stands here: the rest is left to Findings, unless there is nothing else to say.
 */
export function byImportance(findings: readonly Finding[]): Finding[] {
  const worth = findings.filter((finding) => !isUnlikely(finding) || rankOf(finding.label) === 0);
  return [...(worth.length > 0 ? worth : findings)].sort(
    (a, b) =>
      Number(isUnlikely(a)) - Number(isUnlikely(b)) ||
      rankOf(a.label) - rankOf(b.label) ||
      b.probability - a.probability,
  );
}

const isUnlikely = ({ probability }: Finding): boolean => bandOf(probability) === 'unlikely';
