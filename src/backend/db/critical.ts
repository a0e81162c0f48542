/** Critical results: written down once, closed by a step that says who was told, or why it is none. */
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { closing, Critical, CriticalStep, dueAt } from '#core/desk/critical.ts';
import type { StudyId } from '#core/study/ids.ts';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';
import { Flag } from './rows.ts';

const Row = Critical.omit({ steps: true });
const columns = 'id, study, draft, label, finding, urgency, found_at AS foundAt, login, at';
const StepRow = z.object({ ...CriticalStep.shape, readBack: Flag });
const stepColumns = `kind, told_by AS by, told_to AS "to", how, read_back AS readBack, note,
  happened_at AS happenedAt, login, at`;

const withSteps = (read: Read, rows: readonly z.infer<typeof Row>[]): Critical[] =>
  rows.map((row) => ({
    ...row,
    steps: read.all(StepRow, `SELECT ${stepColumns} FROM critical_steps WHERE critical = ? ORDER BY place`, row.id),
  }));

/** Oldest first. */
export const criticalsOf = (read: Read, study: StudyId): Critical[] =>
  withSteps(read, read.all(Row, `SELECT ${columns} FROM critical_results WHERE study = ? ORDER BY place`, study));

const isOpen = `NOT EXISTS (SELECT 1 FROM critical_steps s WHERE s.critical = critical_results.id AND s.kind <> 'tried')`;

/** The one that is due first in front. */
export const openCriticals = (read: Read, limit: number): Critical[] =>
  withSteps(read, read.all(Row, `SELECT ${columns} FROM critical_results WHERE ${isOpen}`))
    .sort((a, b) => dueAt(a) - dueAt(b))
    .slice(0, limit);

/** Newest first. */
export const allCriticals = (read: Read, limit: number): Critical[] =>
  withSteps(read, read.all(Row, `SELECT ${columns} FROM critical_results ORDER BY place DESC LIMIT ?`, limit));

/** How many of the study's are open. */
export const openCount = (read: Read, study: StudyId): number =>
  criticalsOf(read, study).filter((critical) => closing(critical) === null).length;

/** AppError `not-found`. */
export function criticalById(read: Read, id: string): Critical {
  const [found] = withSteps(read, read.all(Row, `SELECT ${columns} FROM critical_results WHERE id = ?`, id));
  if (!found) throw new AppError('not-found', 'Expected a critical result that was written down, found none.');
  return found;
}

export function addCritical(write: Write, critical: Omit<Critical, 'steps'>): Critical {
  const { id, study, draft, label, finding, urgency, foundAt, login, at } = critical;
  write.run(
    `INSERT INTO critical_results (id, study, draft, label, finding, urgency, found_at, login, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, study, draft, label, finding, urgency, foundAt, login, at],
  );
  const detail = { critical: id, label, urgency, foundAt, characters: finding.length };
  append(write, { at, actor: login, event: 'critical.found', subject: study, detail });
  return criticalById(write, id);
}

/** AppError `conflict` when it is closed already. */
export function addStep(write: Write, { id, study }: Critical, step: CriticalStep): Critical {
  if (closing(criticalById(write, id)) !== null)
    throw new AppError('conflict', 'Expected a critical result that is open, found that it is closed. Open it again.');
  const { kind, by, to, how, readBack, note, happenedAt, login, at } = step;
  write.run(
    `INSERT INTO critical_steps (critical, kind, told_by, told_to, how, read_back, note, happened_at, login, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, kind, by, to, how, readBack ? 1 : 0, note, happenedAt, login, at],
  );
  const detail = { critical: id, how, readBack, happenedAt, noteCharacters: note.length };
  append(write, { at, actor: login, event: `critical.${kind}`, subject: study, detail });
  return criticalById(write, id);
}
