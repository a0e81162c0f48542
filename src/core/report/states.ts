/** The states of a report and every way from one to another: a table, and nothing happens that is not in it. */
import * as z from 'zod';

export const ReportStage = z.enum([
  /** A model's text that nobody has touched. */
  'ai-draft',
  'in-progress',
  /** Released to be read before it is signed; its text is kept. */
  'preliminary',
  'final',
  /** Signed, with at least one addendum below it. */
  'addendum',
  /** Signed again with another text; the one before stays as a version. */
  'corrected',
  'discarded',
]);
export type ReportStage = z.infer<typeof ReportStage>;

/** What is being written on a signed report, which stays in force until that is signed too. */
export const Amendment = z.enum(['addendum', 'correction']);
export type Amendment = z.infer<typeof Amendment>;

/** Why a version was kept: a model's text, one that a reader wanted kept, or a released one. */
export const VersionKind = z.enum(['model', 'saved', 'preliminary', 'final', 'addendum', 'corrected']);
export type VersionKind = z.infer<typeof VersionKind>;

export interface ReportStanding {
  stage: ReportStage;
  amending: Amendment | null;
}

export const ReportAct = z.enum([
  'edit',
  'preliminary',
  'sign',
  'begin-addendum',
  'edit-addendum',
  'begin-correction',
  /** Of a report that is not signed: it goes. Of an amendment: the amendment goes and the signed report stands. */
  'discard',
]);
export type ReportAct = z.infer<typeof ReportAct>;

type Next = Partial<Record<ReportAct, ReportStanding>>;
const at = (stage: ReportStage, amending: Amendment | null = null): ReportStanding => ({ stage, amending });

const open: Next = {
  edit: at('in-progress'),
  preliminary: at('preliminary'),
  sign: at('final'),
  discard: at('discarded'),
};

const signed = (stage: ReportStage): Record<Amendment | 'none', Next> => ({
  none: { 'begin-addendum': at(stage, 'addendum'), 'begin-correction': at(stage, 'correction') },
  addendum: { 'edit-addendum': at(stage, 'addendum'), sign: at('addendum'), discard: at(stage) },
  correction: { edit: at(stage, 'correction'), sign: at('corrected'), discard: at(stage) },
});
const unsigned = (next: Next): Record<Amendment | 'none', Next> => ({ none: next, addendum: {}, correction: {} });

const table: Record<ReportStage, Record<Amendment | 'none', Next>> = {
  'ai-draft': unsigned(open),
  'in-progress': unsigned(open),
  preliminary: unsigned(open),
  final: signed('final'),
  addendum: signed('addendum'),
  corrected: signed('corrected'),
  discarded: unsigned({}),
};

/** Where `act` leads; null where it may not be done. */
export function nextStanding({ stage, amending }: ReportStanding, act: ReportAct): ReportStanding | null {
  return table[stage][amending ?? 'none'][act] ?? null;
}

/** Everything that may be done now. */
export function actsOf({ stage, amending }: ReportStanding): ReportAct[] {
  const next = table[stage][amending ?? 'none'];
  return ReportAct.options.filter((act) => next[act] !== undefined);
}

export const isSigned = (stage: ReportStage): boolean =>
  stage === 'final' || stage === 'addendum' || stage === 'corrected';
