/** The films of a run as they were measured, one line each: a run that was stopped goes on where it was. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { FilmRow } from '#core/evaluate/film.ts';

/** What a row depends on beside its film. */
export const Heading = z.object({
  schema: z.literal(1),
  program: z.string(),
  engine: z.string(),
  packs: z.array(z.object({ id: z.string(), version: z.string(), sha256: z.string() })),
});
export type Heading = z.infer<typeof Heading>;

export interface Kept {
  /** Rows of an earlier start with the same packs, by key. */
  rows: Map<string, FilmRow>;
  /** What is to be said of it; empty when this is the first start. */
  notice: string;
  add(row: FilmRow): void;
}

export const nothingKept = (): Kept => ({ rows: new Map(), notice: '', add: () => undefined });

/** `films-<hash of the heading>.jsonl` in `folder`. A line that was cut off is measured again. */
export function openKept(folder: string, heading: Heading): Kept {
  const text = JSON.stringify(heading);
  const name = `films-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.jsonl`;
  const file = path.join(folder, name);
  const add = (row: FilmRow) => appendFileSync(file, `${JSON.stringify(row)}\n`);
  if (!existsSync(file)) {
    const notice = whatChanged(folder, heading);
    writeFileSync(file, `${text}\n`, { mode: 0o600 });
    return { rows: new Map(), notice, add };
  }
  const written = readFileSync(file, 'utf8');
  if (!written.endsWith('\n')) appendFileSync(file, '\n');
  const rows = new Map(
    written
      .split('\n')
      .slice(1)
      .flatMap(rowOf)
      .map((row) => [row.key, row]),
  );
  return { rows, notice: rows.size > 0 ? `Goes on: ${rows.size} films were measured before.` : '', add };
}

function rowOf(line: string): FilmRow[] {
  try {
    const row = FilmRow.safeParse(JSON.parse(line));
    return row.success ? [row.data] : [];
  } catch {
    return [];
  }
}

function whatChanged(folder: string, heading: Heading): string {
  const before = readdirSync(folder).filter((name) => /^films-[0-9a-f]{8}\.jsonl$/.test(name));
  const [last] = before.sort();
  if (last === undefined) return '';
  let then: Heading;
  try {
    then = Heading.parse(JSON.parse(readFileSync(path.join(folder, last), 'utf8').split('\n')[0] ?? ''));
  } catch {
    return 'Starts anew: what was kept before cannot be read.';
  }
  const changed = heading.packs.flatMap(({ id, version, sha256 }) => {
    const old = then.packs.find((pack) => pack.id === id);
    if (old?.sha256 === sha256) return [];
    return [
      old
        ? `${id} ${old.version} → ${version}${old.version === version ? ' (other content)' : ''}`
        : `${id} ${version} is new`,
    ];
  });
  const gone = then.packs
    .filter(({ id }) => !heading.packs.some((pack) => pack.id === id))
    .map(({ id }) => `${id} is gone`);
  const why = [...changed, ...gone].join(', ') || 'the program or the engine is another one';
  return `Starts anew: ${why}. The films measured before are kept in ${last}.`;
}
