/** Key images: pictures for the print, kept and removed with a row of the log. */
import { hash } from 'node:crypto';
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { KeyImage } from '#core/desk/keyImage.ts';
import type { StudyId } from '#core/study/ids.ts';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';

const columns = 'id, study, draft, width, height, caption, overlay, login, at';

/** In the order in which they were kept. */
export const keyImagesOf = (read: Read, study: StudyId): KeyImage[] =>
  read.all(KeyImage, `SELECT ${columns} FROM key_images WHERE study = ? ORDER BY place`, study);

/** AppError `not-found`. */
export function keyImageById(read: Read, id: string): KeyImage {
  const found = read.get(KeyImage, `SELECT ${columns} FROM key_images WHERE id = ?`, id);
  if (!found) throw new AppError('not-found', 'Expected a key image that was kept, found none. It may be removed.');
  return found;
}

/** A PNG; AppError `not-found`, also for the overlay of an image without one. */
export function keyPicture(read: Read, id: string, which: 'plain' | 'marked'): Uint8Array<ArrayBuffer> {
  const row = read.get(
    z.object({ png: z.instanceof(Uint8Array).nullable() }),
    `SELECT ${which === 'plain' ? 'plain' : 'marked'} AS png FROM key_images WHERE id = ?`,
    id,
  );
  if (!row?.png) throw new AppError('not-found', 'Expected a picture of a key image, found none. It may be removed.');
  return new Uint8Array(row.png);
}

export function addKeyImage(write: Write, image: KeyImage, plain: Uint8Array, marked: Uint8Array | null): KeyImage {
  const { id, study, draft, width, height, caption, overlay, login, at } = image;
  write.run(
    `INSERT INTO key_images (${columns}, plain, marked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, study, draft, width, height, caption, overlay, login, at, plain, marked],
  );
  const detail = { keyImage: id, draft, sha256: hash('sha256', plain), overlay: marked !== null };
  append(write, { at, actor: login, event: 'key-image.kept', subject: study, detail });
  return keyImageById(write, id);
}

export function removeKeyImage(write: Write, { id, study }: KeyImage, by: { at: number; actor: string }): void {
  write.run('DELETE FROM key_images WHERE id = ?', id);
  append(write, { ...by, event: 'key-image.removed', subject: study, detail: { keyImage: id } });
}
