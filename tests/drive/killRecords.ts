/**
 * Kills the program at random moments of its work on records and looks what is left:
 * `node tests/drive/killRecords.ts [KILLS] [ACTIVITY …]`. Whatever it told before the kill must be there afterwards; of
 * what was typed at most a second may be gone; the chain verifies every time; no signed version is lost or changed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { append } from '#backend/db/audit.ts';
import { checkBackup } from '#backend/db/backup.ts';
import { migrate } from '#backend/db/migrate.ts';
import { migrations } from '#backend/db/migrations/index.ts';
import { handleOf } from '#backend/db/handles.ts';
import { openDatabase, versionOf } from '#backend/db/open.ts';
import type { Store } from '#backend/db/store.ts';
import { writeAuditHead } from '#backend/files/auditHead.ts';
import { prepareDataFolder } from '#backend/files/dataFolder.ts';
import { openKeys } from '#backend/files/keys.ts';
import { readKeys } from '#backend/files/keysFile.ts';
import { dataKeyByPassword } from '#backend/files/personKeys.ts';
import { mulberry32 } from '#core/phantom/random.ts';
import { ADMINISTRATOR, inStore, passwordOf, storeOptions } from '../records.ts';
import { random } from '../storeFilms.ts';

export const activities = ['type', 'sign', 'import', 'backup', 'key', 'restore', 'migrate'] as const;
export type Activity = (typeof activities)[number];

export interface Killed {
  kills: number;
  /** Kills before the program had begun its work, counted along. */
  early: number;
  /** What was wrong afterwards, in words. */
  wrong: string[];
  /** The most milliseconds of typing that were gone. */
  mostTypingGone: number;
  byActivity: Record<string, number>;
}

const child = path.resolve(import.meta.dirname, '../recordsChild.ts');
const Told = z.object({
  typed: z.string().optional(),
  at: z.number().optional(),
  signed: z.int().optional(),
  sha256: z.string().optional(),
  imported: z.string().nullable().optional(),
  backup: z.string().optional(),
  ready: z.boolean().optional(),
});
type Told = z.infer<typeof Told>;

/** The seed makes activities and moments repeatable; what the machine does between them is not. */
export async function killAtWork(
  kills: number,
  seed: number,
  wanted: readonly Activity[],
  say: (line: string) => void,
): Promise<Killed> {
  const chance = mulberry32(seed);
  const result: Killed = { kills, early: 0, wrong: [], mostTypingGone: 0, byActivity: {} };
  let home = '';
  let signed = new Map<number, string>();
  try {
    for (let kill = 1; kill <= kills; kill++) {
      const activity = wanted[Math.floor(chance() * wanted.length)] ?? 'type';
      result.byActivity[activity] = (result.byActivity[activity] ?? 0) + 1;
      if (activity === 'migrate') {
        result.wrong.push(...(await killWhileMigrating(chance())).map((line) => `kill ${kill}, migrate: ${line}`));
        continue;
      }
      if (home === '' || kill % 40 === 0) {
        if (home !== '') rmSync(home, { recursive: true, force: true });
        home = mkdtempSync(path.join(tmpdir(), 'raddraft-kills-'));
        signed = new Map();
        await finished(home, 'prepare', '');
      }
      const told = await killed(home, activity, `K${kill} `, 50 + 2500 * chance());
      if (!told.some(({ ready }) => ready)) result.early++;
      for (const { signed: number, sha256 } of told) if (number !== undefined) signed.set(number, sha256 ?? '');
      const { problems, typingGone } = await inStore(home, (store) => look(store, told, signed));
      result.mostTypingGone = Math.max(result.mostTypingGone, typingGone);
      if (typingGone > 1000) problems.push(`${Math.round(typingGone)} ms of typing gone`);
      result.wrong.push(...problems.map((line) => `kill ${kill}, ${activity}: ${line}`));
      say(`kill ${kill}, ${activity}: ${told.length} answers, ${problems.join('; ') || 'all there'}`);
    }
    return result;
  } finally {
    if (home !== '') rmSync(home, { recursive: true, force: true });
  }
}

const environment = (home: string) => ({ ...process.env, RADDRAFT_KEY: path.join(home, 'config', 'machine.key') });

function start(home: string, activity: string, mark: string) {
  const program = spawn(process.execPath, [child, home, activity, mark], {
    env: environment(home),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  const gone = new Promise<number | null>((resolve) => program.once('close', resolve));
  program.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ready = new Promise<void>((resolve) => {
    program.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('"ready"')) resolve();
    });
    void gone.then(() => resolve());
  });
  return { program, ready, gone, out: () => out, errors: () => errors };
}

async function finished(home: string, activity: string, mark: string): Promise<void> {
  const { gone, errors } = start(home, activity, mark);
  if ((await gone) !== 0) throw new Error(errors());
}

/** Answers with what it told; a line that the kill cut in two tells nothing. */
async function killed(home: string, activity: string, mark: string, after: number): Promise<Told[]> {
  const run = start(home, activity, mark);
  await run.ready;
  await new Promise((resolve) => setTimeout(resolve, after));
  const at = Date.now();
  run.program.kill('SIGKILL');
  await run.gone;
  if (run.errors() !== '') {
    const log = path.join(home, 'data', 'logs', 'errors.log');
    const kept = existsSync(log) ? readFileSync(log, 'utf8') : '';
    throw new Error(`${activity} failed by itself: ${run.errors()}\n${kept}`);
  }
  const lines = run.out().split('\n').slice(0, -1);
  return [...lines.map((line) => Told.parse(JSON.parse(line))), { at }];
}

async function look(store: Store, told: readonly Told[], signed: ReadonlyMap<number, string>) {
  const problems: string[] = [];
  const { problem } = await store.audit.verify();
  if (problem !== '') problems.push(problem);
  const { createHash } = await import('node:crypto');
  const kept = new Map(
    store.read.plain('SELECT number, sha256, text FROM releases').map(([number, sha256, text]) => {
      if (createHash('sha256').update(String(text)).digest('hex') !== sha256)
        problems.push(`version ${String(number)} changed`);
      return [Number(number), String(sha256)];
    }),
  );
  for (const [number, sha256] of signed)
    if (kept.get(number) !== sha256) problems.push(`signed version ${number} lost`);
  for (const [sha256] of store.read.plain('SELECT sha256 FROM instances')) await store.objects.get(String(sha256));
  for (const { imported } of told)
    if (imported && store.read.plain('SELECT 1 FROM instances WHERE uid = ?', imported).length === 0)
      problems.push('an imported image lost');
  const by = { machine: store.vault.machineSecret, password: null, random, images: store.folder.objects };
  for (const { backup } of told)
    if (backup !== undefined)
      await checkBackup(path.join(store.folder.backups, backup), by).catch((error: unknown) =>
        problems.push(`a backup that was told of: ${String(error)}`),
      );
  await dataKeyByPassword(readKeys(store.folder.keys), passwordOf(ADMINISTRATOR)).catch(() =>
    problems.push('the administrator’s password opens nothing'),
  );
  return { problems, typingGone: typingGone(store, told) };
}

/** How long before the kill the first character was typed that is not there. */
function typingGone(store: Store, told: readonly Told[]): number {
  const killedAt = told.at(-1)?.at ?? 0;
  const documents = JSON.stringify(store.read.plain('SELECT document FROM drafts'));
  const lost = told.find(({ typed }) => typed !== undefined && !documents.includes(JSON.stringify(typed).slice(1, -1)));
  return lost?.at === undefined ? 0 : killedAt - lost.at;
}

/** A database of version 1 with rows in its log; the program that brings it up to date is killed on the way. */
async function killWhileMigrating(moment: number): Promise<string[]> {
  const home = mkdtempSync(path.join(tmpdir(), 'raddraft-kills-'));
  try {
    makeVersionOne(home, 400);
    const run = start(home, 'migrate', '');
    await run.ready;
    await new Promise((resolve) => setTimeout(resolve, 60 * moment));
    run.program.kill('SIGKILL');
    await run.gone;
    return await inStore(home, async (store) => {
      const { problem } = await store.audit.verify();
      const studies = store.read.plain('SELECT uid FROM studies').length;
      const rows = store.read.plain('SELECT seq FROM audit').length;
      return [
        ...(problem === '' ? [] : [problem]),
        ...(studies === 400 ? [] : [`${studies} of 400 studies`]),
        ...(rows === 401 ? [] : [`${rows} of 401 rows`]),
      ];
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

export function makeVersionOne(home: string, studies: number): void {
  const options = storeOptions(home);
  const folder = prepareDataFolder(options.dataFolder);
  if (existsSync(folder.database)) throw new Error('a database is there already');
  mkdirSync(path.join(home, 'config'), { recursive: true });
  const keys = openKeys(folder.keys, options.machineSecret, random, true);
  const database = openDatabase(folder.database, keys.database);
  migrate(database, migrations.slice(0, 1), { folder: folder.backups, key: keys.database });
  if (versionOf(database) !== 1) throw new Error('not version 1');
  database.exec(`INSERT INTO patients (id, issuer, only_study, first_seen) VALUES ('P', '', '', 1)`);
  const add = database.prepare(
    `INSERT INTO studies (uid, patient, person, date, time, accession, description, referrer, modalities, body_part,
       instances, synthetic, imported_at, folded)
     VALUES (?, 1, ?, '20260101', '', '', '', '', '["DX"]', 'CHEST', 0, 0, 1, 'a')`,
  );
  const write = handleOf(database);
  let head = { seq: 0, hash: '' };
  database.transaction(() => {
    for (let n = 0; n < studies; n++) {
      const person = {
        id: 'P',
        issuer: '',
        name: { alphabetic: 'A', ideographic: '', phonetic: '' },
        birthDate: '',
        sex: '',
      };
      add.run(`1.2.${n}`, JSON.stringify(person));
      head = append(write, { at: n, actor: 'old', event: 'instance.imported', subject: `1.2.${n}` });
    }
  })();
  database.close();
  writeAuditHead(folder.auditHead, keys.auditHead, head);
}

if (import.meta.main) {
  const [count = '300', ...named] = process.argv.slice(2);
  const wanted = named.length > 0 ? activities.filter((one) => named.includes(one)) : activities;
  const result = await killAtWork(Number(count), 5, wanted, (line) => console.log(line));
  console.log(JSON.stringify(result));
  process.exitCode = result.wrong.length === 0 ? 0 : 1;
}
