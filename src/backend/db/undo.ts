/**
 * What can be undone in a report's text after the window is gone: the editor's own words, which nobody here reads. It
 * stands in the transaction of the save that it belongs to, and a trigger drops it with every other change of the
 * report, so that it never outlives the text it fits, a signature least of all.
 */
import * as z from 'zod';
import type { DraftId } from '#core/study/ids.ts';
import type { Read, Write } from './handles.ts';

/** After the report's own row was written. */
export function keepUndo(write: Write, { draft, login, undo }: { draft: DraftId; login: string; undo: string }): void {
  write.run('INSERT INTO draft_undo (draft, login, undo) VALUES (?, ?, ?)', draft, login, undo);
}

/** Of the person who typed it; null for anybody else: what was typed and taken back again is nobody's business. */
export function undoOf(read: Read, draft: DraftId, login: string): string | null {
  const Row = z.object({ undo: z.string() });
  return read.get(Row, 'SELECT undo FROM draft_undo WHERE draft = ? AND login = ?', draft, login)?.undo ?? null;
}
