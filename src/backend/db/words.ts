/** Words that people added to the spelling check. They may be names: kept in the encrypted store, never in the log. */
import * as z from 'zod';
import type { AddedWord } from '#contract/spelling.ts';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';

/** The login of words that everybody at this workstation has. */
const ALL = '';

const Row = z
  .object({ login: z.string(), word: z.string(), at: z.number() })
  .transform(({ login, word, at }): AddedWord => ({ word, at, shared: login === ALL }));

/** Of one person and of all, by word. */
export const wordsOf = (read: Read, login: string): AddedWord[] =>
  read.all(Row, 'SELECT login, word, at FROM words WHERE login IN (?, ?) ORDER BY word, login', login, ALL);

interface Change {
  word: string;
  shared: boolean;
  at: number;
  actor: string;
}

/** Once more is no change. */
export function addWord(write: Write, { word, shared, at, actor }: Change): void {
  const added = write.run(
    'INSERT INTO words (login, word, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ...[shared ? ALL : actor, word, at],
  );
  if (added > 0) append(write, { at, actor, event: 'word.added', subject: '', detail: { shared } });
}

/** One that is not there is no change. */
export function removeWord(write: Write, { word, shared, at, actor }: Change): void {
  const gone = write.run('DELETE FROM words WHERE login = ? AND word = ?', shared ? ALL : actor, word);
  if (gone > 0) append(write, { at, actor, event: 'word.removed', subject: '', detail: { shared } });
}
