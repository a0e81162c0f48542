/** What may be done to a report now, and why not: the one question before every change of it. */
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { Amendment, nextStanding, ReportStage } from '#core/report/states.ts';
import type { ReportAct, ReportStanding } from '#core/report/states.ts';
import type { DraftId } from '#core/study/ids.ts';
import type { Read } from './handles.ts';

const words: Record<ReportAct, string> = {
  edit: 'edited',
  preliminary: 'released as preliminary',
  sign: 'signed',
  'begin-addendum': 'given an addendum',
  'edit-addendum': 'given this text as its addendum',
  'begin-correction': 'corrected',
  discard: 'discarded',
};

const Standing = z.object({ stage: ReportStage, amending: Amendment.nullable(), revision: z.int() });

/** Where the act leads. AppError `not-found`; `conflict`: another window was faster, or the report's stage does not allow it. */
export function allowed(
  read: Read,
  { draft, revision }: { draft: DraftId; revision: number },
  act: ReportAct,
): ReportStanding {
  const row = read.get(Standing, 'SELECT stage, amending, revision FROM drafts WHERE id = ?', draft);
  if (!row) throw new AppError('not-found', 'Expected a stored report, found none under this id.');
  if (row.revision !== revision)
    throw new AppError(
      'conflict',
      `Expected revision ${row.revision} of the report, found ${revision}: it was changed in another window. Open it again.`,
    );
  const next = nextStanding(row, act);
  if (next) return next;
  const amending =
    row.amending === null ? '' : `, with ${row.amending === 'addendum' ? 'an' : 'a'} ${row.amending} begun`;
  throw new AppError(
    'conflict',
    `Expected a report that may be ${words[act]}, found one that is ${row.stage}${amending}. Open it again.`,
  );
}
