/** Every migration in order: the first makes version 1 of an empty database. Forward only; never edit one that shipped. */
import { sql as first } from './001-first.ts';
import { sql as people } from './002-people.ts';
import { sql as anatomy } from './003-anatomy.ts';
import { sql as imports } from './004-imports.ts';
import { sql as search } from './005-search.ts';
import { sql as reviews } from './006-reviews.ts';
import { sql as critical } from './007-critical.ts';
import { sql as phrases } from './008-phrases.ts';
import { sql as words } from './009-words.ts';
import { sql as undo } from './010-undo.ts';
import { sql as stated } from './011-stated.ts';
import { sql as keyImages } from './012-key-images.ts';

export const migrations: readonly string[] = [
  first,
  people,
  anatomy,
  imports,
  search,
  reviews,
  critical,
  phrases,
  words,
  undo,
  stated,
  keyImages,
];
