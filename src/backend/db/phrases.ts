/** Phrases and templates: kept as they were written last. */
import { AppError } from '#contract/errors.ts';
import { TemplateSource } from '#core/mrrt/source.ts';
import { Phrase, PhraseWhen } from '#core/phrases/phrase.ts';
import * as z from 'zod';
import { toJson } from '../files/json.ts';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';
import { Json } from './rows.ts';

const Row = z
  .object({
    ...Phrase.omit({ when: true }).shape,
    fits: Json(PhraseWhen),
    template: z.union([Json(TemplateSource), z.null()]),
  })
  .transform(({ fits, ...row }): Phrase => ({ ...row, when: fits }));

/** By shortcut. */
export const phrasesOf = (read: Read): Phrase[] => read.all(Row, 'SELECT * FROM phrases ORDER BY shortcut, name');

/** Of an import: the file that was read, and how many kinds of things were left out of it. */
export interface Imported {
  sha256: string;
  leftOut: number;
}

/** Where it came from stays what it was, whatever becomes of its words. */
export function savePhrase(write: Write, phrase: Phrase, imported?: Imported): Phrase {
  const { id, shortcut, name, text, when, login, at, template } = phrase;
  const [stored] = write.all(
    Row,
    `INSERT INTO phrases (id, shortcut, name, text, fits, login, at, template) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET shortcut = excluded.shortcut, name = excluded.name, text = excluded.text,
       fits = excluded.fits, login = excluded.login, at = excluded.at
     RETURNING *`,
    ...[id, shortcut, name, text, toJson(when), login, at, template && toJson(template)],
  );
  append(write, {
    at,
    actor: login,
    event: imported ? 'template.imported' : 'phrase.saved',
    subject: id,
    detail: { shortcut, characters: text.length, ...imported },
  });
  return stored ?? phrase;
}

/** AppError `not-found`. */
export function removePhrase(write: Write, id: string, by: { at: number; actor: string }): void {
  if (write.run('DELETE FROM phrases WHERE id = ?', id) === 0)
    throw new AppError('not-found', 'Expected a phrase that is stored, found none under this id.');
  append(write, { ...by, event: 'phrase.removed', subject: id });
}
