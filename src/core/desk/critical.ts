/** Critical results: what must be told to somebody in time, and that it was. */
import * as z from 'zod';
import { DraftId, LabelId, StudyId } from '../study/ids.ts';

/** How soon somebody must have been told. */
export const Urgency = z.enum(['now', 'today', 'soon']);
export type Urgency = z.infer<typeof Urgency>;

/** Minutes from finding it. */
export const dueMinutes: Readonly<Record<Urgency, number>> = { now: 60, today: 12 * 60, soon: 3 * 24 * 60 };
export const urgencyWords: Readonly<Record<Urgency, string>> = {
  now: 'Within 60 minutes',
  today: 'Within 12 hours',
  soon: 'Within 3 days',
};

export const How = z.enum(['telephone', 'in-person', 'video', 'message']);
export type How = z.infer<typeof How>;
export const howWords: Readonly<Record<How, string>> = {
  telephone: 'by telephone',
  'in-person': 'in person',
  video: 'by video call',
  message: 'by a message that was answered',
};

/** `tried`: nobody was reached, and it stays open. `told` and `withdrawn` close it. */
export const CriticalStep = z.object({
  kind: z.enum(['tried', 'told', 'withdrawn']),
  /** Who told, or tried to: a name. */
  by: z.string(),
  /** Who was told: name and function. */
  to: z.string(),
  how: How.nullable(),
  /** The other one said it back. */
  readBack: z.boolean(),
  note: z.string(),
  /** When it happened, and who wrote it down when. Milliseconds since 1970, UTC. */
  happenedAt: z.number(),
  login: z.string(),
  at: z.number(),
});
export type CriticalStep = z.infer<typeof CriticalStep>;

export const Critical = z.object({
  id: z.string(),
  study: StudyId,
  draft: DraftId.nullable(),
  /** The model's finding that it is, if it is one. */
  label: LabelId.nullable(),
  /** In the reader's words. */
  finding: z.string(),
  urgency: Urgency,
  foundAt: z.number(),
  login: z.string(),
  /** When it was written down. */
  at: z.number(),
  /** Oldest first. */
  steps: z.array(CriticalStep),
});
export type Critical = z.infer<typeof Critical>;

export const dueAt = ({ foundAt, urgency }: Pick<Critical, 'foundAt' | 'urgency'>): number =>
  foundAt + dueMinutes[urgency] * 60_000;

/** The step that closed it; null while it is open. */
export const closing = ({ steps }: Pick<Critical, 'steps'>): CriticalStep | null =>
  steps.find(({ kind }) => kind !== 'tried') ?? null;

/** `overdue`: open, and too late. `late`: told, and it was too late. */
export function standingOf(critical: Critical, now: number): 'open' | 'overdue' | 'told' | 'late' | 'withdrawn' {
  const last = closing(critical);
  if (last === null) return now > dueAt(critical) ? 'overdue' : 'open';
  if (last.kind === 'withdrawn') return 'withdrawn';
  return last.happenedAt > dueAt(critical) ? 'late' : 'told';
}
