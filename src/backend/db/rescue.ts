/** The texts of a data folder whose database is damaged: every one that can still be read. Nothing is written there. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { layoutOf } from '../files/dataFolder.ts';
import { openKeys, type MachineSecret } from '../files/keys.ts';
import { ReportDocument } from '#core/report/report.ts';
import { reportText } from '#core/report/text.ts';
import { handleOf, type Read } from './handles.ts';
import { openDatabase } from './open.ts';
import { Json } from './rows.ts';

export interface Rescued {
  texts: { study: string; draft: string; what: string; savedAt: number; text: string }[];
  /** How many places could not be read. */
  lost: number;
}

const Draft = z.object({
  id: z.string(),
  study: z.string(),
  document: Json(ReportDocument),
  addendum: z.string(),
  savedAt: z.number(),
});
const Release = z.object({ draft: z.string(), number: z.int(), kind: z.string(), at: z.number(), text: z.string() });

/**
 * AppError where not even the keys or the list of tables can be read: then only a backup helps. It works on a copy of
 * the encrypted files in `temporary`, so that a folder that cannot be written will do.
 */
export function rescueTexts(dataFolder: string, machine: MachineSecret, temporary: string): Rescued {
  const folder = layoutOf(dataFolder);
  const keys = openKeys(folder.keys, machine, () => new Uint8Array(0), false);
  const aside = mkdtempSync(path.join(temporary, 'raddraft-rescue-'));
  try {
    const copy = path.join(aside, 'raddraft.db');
    copyFileSync(folder.database, copy);
    if (existsSync(`${folder.database}-wal`)) copyFileSync(`${folder.database}-wal`, `${copy}-wal`);
    return readTexts(copy, keys.database);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function readTexts(file: string, key: Uint8Array): Rescued {
  const database = openDatabase(file, key);
  try {
    const read = handleOf(database);
    const drafts = rowsOf(read, 'drafts', (place) =>
      read.get(Draft, 'SELECT id, study, document, addendum, saved_at AS savedAt FROM drafts WHERE rowid = ?', place),
    );
    const releases = rowsOf(read, 'releases', (place) =>
      read.get(Release, 'SELECT draft, number, kind, at, text FROM releases WHERE rowid = ?', place),
    );
    const studies = new Map(drafts.found.map(({ id, study }) => [id, study]));
    return {
      texts: [
        ...drafts.found.map(({ id, study, document, addendum, savedAt }) => ({
          study,
          draft: id,
          what: 'present text',
          savedAt,
          text: `${reportText(document)}${addendum === '' ? '' : `\nADDENDUM (not signed)\n${addendum}\n`}`,
        })),
        ...releases.found.map(({ draft, number, kind, at, text }) => ({
          study: studies.get(draft) ?? '',
          draft,
          what: `version ${number}, ${kind}`,
          savedAt: at,
          text,
        })),
      ],
      lost: drafts.lost + releases.lost,
    };
  } finally {
    database.close();
  }
}

/** Row by row, so that a damaged page takes only its own rows along. */
function rowsOf<T>(read: Read, table: string, get: (place: number) => T | null): { found: T[]; lost: number } {
  const found: T[] = [];
  let lost = 0;
  const most = attempt(() => read.get(z.object({ n: z.int().nullable() }), `SELECT max(rowid) AS n FROM ${table}`)?.n);
  for (let place = 1; place <= (most ?? LOOK_FOR); place++) {
    const row = attempt(() => ({ value: get(place) }));
    if (row?.value) found.push(row.value);
    if (row === undefined) lost++;
  }
  return { found, lost };
}

/** Where the table's end is damaged, so many places are tried. */
const LOOK_FOR = 10_000;

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
