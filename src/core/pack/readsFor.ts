/** Whether one pack reads films of a body part that another reads too: which gate and which anatomy go with a reader. */
import type { Pack } from './pack.ts';

/** An empty body part says nothing of a film and so joins no two packs; `*` reads every part. */
export function readsFor(accepts: Pack['accepts'], reader: Pack['accepts']): boolean {
  return accepts.bodyParts.some((part) => part !== '' && (part === '*' || reader.bodyParts.includes(part)));
}
