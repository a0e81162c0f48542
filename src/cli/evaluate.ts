/** `raddraft evaluate DIR`: the installed packs over a folder of films whose truth is known. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { ownPackFolder, runsFromSource, version } from '#backend/backend.ts';
import { startImaging } from '#backend/dicom/imaging.ts';
import { createEngine } from '#backend/engine/engine.ts';
import { defaultDataFolder } from '#backend/files/dataFolder.ts';
import { installedPacks, installedPlace } from '#backend/files/packInstall.ts';
import { openPackStore, type PackPlace, type StoredPack } from '#backend/files/packs.ts';
import { findingsPack } from '#backend/services/drafting.ts';
import { anatomyPack } from '#backend/services/filmAnatomy.ts';
import { gatePack } from '#backend/services/filmGate.ts';
import { EngineChoice } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { evaluate } from '#core/evaluate/evaluate.ts';
import type { About } from '#core/evaluate/evaluation.ts';
import type { FilmRow } from '#core/evaluate/film.ts';
import { pageOf } from '#core/evaluate/page/page.ts';
import { summaryOf } from '#core/evaluate/summary.ts';
import { filmTable } from '#core/evaluate/table.ts';
import { labelWords, truthReader } from '#core/evaluate/truth.ts';
import { startEngine } from './desktop.ts';
import { evaluateFilm, isChildWithoutAge, keyOf, type Tools } from './evaluateFilm.ts';
import { readFolder, type EvaluationFolder, type ListedFilm } from './evaluateFolder.ts';
import { nothingKept, openKept } from './evaluateKept.ts';
import { picturesOf } from './evaluatePicture.ts';
import { progressOn, type Progress } from './evaluateProgress.ts';

const Options = z.object({
  out: z.string().optional(),
  json: z.boolean(),
  split: z.string().optional(),
  pack: z.string().optional(),
  data: z.string().optional(),
  engine: EngineChoice.default('auto'),
});
type Options = z.infer<typeof Options>;

/** Answers with what is to be printed. */
export async function evaluateCommand(rest: string[], values: Record<string, unknown>): Promise<string> {
  const options = Options.safeParse(values);
  if (!options.success)
    throw new AppError('invalid-input', options.error.issues.map(({ message }) => message).join('; '));
  const [target] = rest;
  if (target === undefined || rest.length > 1)
    throw new AppError('invalid-input', `Expected one folder, found ${rest.length}. See raddraft --help.`);
  if (!existsSync(target)) throw new AppError('not-found', `Expected a folder, found nothing at ${target}.`);
  const folder = await readFolder(path.resolve(target), options.data.split);
  return await run(path.resolve(target), folder, options.data);
}

async function run(at: string, folder: EvaluationFolder, options: Options): Promise<string> {
  const packs = await openPackStore(placesOf(options));
  const findings = findingsPack(packs);
  const { accepts } = findings.pack;
  const [gate, anatomy] = [gatePack(packs, accepts), anatomyPack(packs, accepts)];
  const used = [gate, anatomy, findings].filter((stored) => stored !== null);
  const out = options.out === undefined ? null : path.resolve(options.out);
  const heading = {
    schema: 1 as const,
    program: version(),
    engine: options.engine,
    packs: used.map(({ pack, sha256 }) => ({ id: pack.id, version: pack.version, sha256 })),
  };
  if (out !== null) await makeFolder(out);
  const kept = out === null ? nothingKept() : openKept(out, heading);
  const progress = progressOn(process.stderr, folder.wanted.length, () => performance.now());
  if (kept.notice !== '') progress.say(kept.notice);

  const imaging = startImaging();
  const engine = createEngine({ start: startEngine, packs, choice: options.engine, onChange: () => undefined });
  const labelOf = labelWords(findings.pack.labels);
  const tools: Tools = { imaging, engine, packs, findings, labelOf };
  try {
    const films = await everyFilm(tools, folder.wanted, kept, progress);
    const listed = new Map(folder.wanted.map((film) => [film.line, film]));
    const read = truthReader(findings.pack.labels, folder.all);
    const truthOf = ({ line }: FilmRow) => read(listed.get(line) ?? { source: '', findingLabels: '' });
    const evaluation = evaluate({
      about: aboutOf(at, folder, options, used, films),
      films,
      truthOf,
      boxesOf: ({ line }, label) =>
        (listed.get(line)?.boxes ?? []).filter((one) => labelOf(one.label) === label).map(({ box }) => box),
      findings: findings.pack,
      anatomy: anatomy?.pack ?? null,
    });
    const printed = `${JSON.stringify(evaluation, null, 2)}\n`;
    if (out !== null)
      await writeFiles(out, {
        'films.csv': filmTable(films, truthOf, findings.pack.labels, anatomy?.pack.masks ?? []),
        'evaluation.json': printed,
        'report.html': pageOf(evaluation, await picturesOf(tools, evaluation.worst, films, listed)),
      });
    return options.json ? printed : `${summaryOf(evaluation)}${out === null ? '' : wrote(out)}`;
  } finally {
    engine.close();
    await imaging.close();
  }
}

/** As `raddraft packs list`: named ones first, then installed ones, then the program's own. */
function placesOf({ pack, data }: Options): (string | PackPlace)[] {
  const dataFolder = data ?? defaultDataFolder(process.env, process.platform, os.homedir());
  const places: (string | PackPlace)[] = [ownPackFolder()];
  if (existsSync(installedPacks(dataFolder))) places.unshift(installedPlace(dataFolder, runsFromSource()));
  if (pack !== undefined) places.unshift(path.resolve(pack));
  return places;
}

async function everyFilm(
  tools: Tools,
  wanted: readonly ListedFilm[],
  kept: ReturnType<typeof nothingKept>,
  progress: Progress,
): Promise<FilmRow[]> {
  const films: FilmRow[] = [];
  progress.step(0);
  for (const film of wanted) {
    const bytes = await readFile(film.path).catch(() => null);
    const before = bytes && kept.rows.get(await keyOf(film, bytes));
    const row = before
      ? { ...before, line: film.line, expected: film.expected }
      : await evaluateFilm(tools, film, bytes);
    if (!before && bytes) kept.add(row);
    films.push(row);
    progress.step(films.length);
  }
  return films;
}

function aboutOf(
  at: string,
  { remarks, wanted }: EvaluationFolder,
  { split, engine }: Options,
  used: readonly StoredPack[],
  films: readonly FilmRow[],
): About {
  const missing = films.filter(({ key }) => key.startsWith('no file')).length;
  const unread = films.filter(({ unread }) => unread !== '').length - missing;
  const children = wanted.filter(({ age }) => isChildWithoutAge(age)).length;
  const ran = films.find(({ runtime }) => runtime !== '');
  const providers = [...new Set(films.map(({ provider }) => provider).filter((provider) => provider !== ''))];
  return {
    date: new Date().toISOString(),
    folder: path.basename(at),
    split: split ?? '',
    program: `RadDraft ${version()}`,
    machine: `${os.platform()} ${os.arch()}, ${os.cpus()[0]?.model.trim() ?? 'unknown processor'}, ${os.availableParallelism()} threads`,
    provider: providers.join(', ') || `none (${engine})`,
    fallback: ran?.fallback ?? '',
    runtime: ran?.runtime ?? '',
    packs: used.map(({ pack: { id, name, version, task, use }, sha256 }) => ({ id, name, version, sha256, task, use })),
    remarks: [
      ...remarks,
      ...(children > 0
        ? [`${children} films say that the patient is a child and not how old: the gate was told 17 years.`]
        : []),
      ...(missing > 0 ? [`${missing} films of images.csv have no file.`] : []),
      ...(unread > 0 ? [`${unread} files could not be read; films.csv says why.`] : []),
    ],
  };
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new AppError(
      'refused',
      'Expected --out to name a folder that can be written, found one that cannot. Name another folder.',
      { cause },
    );
  });
}

/** For the owner alone: file names and patient ids stand in the table, films in the page. */
async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await rm(path.join(folder, name), { force: true });
    await writeFile(path.join(folder, name), text, { mode: 0o600 });
  }
}

const wrote = (out: string): string => `\nWritten: films.csv, evaluation.json and report.html in ${out}\n`;
