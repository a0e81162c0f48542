/** `raddraft analyze PATH`: one film read, gated, run and drafted. Nothing is stored but what `--out` names. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { analyze, type AnalyzeResult } from '#backend/analyze.ts';
import { ownPackFolder } from '#backend/backend.ts';
import { EngineChoice } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { bandOf } from '#core/findings/findings.ts';
import { ReportLanguage } from '#core/report/language.ts';
import { startEngine } from './desktop.ts';
import { overlayPng } from './overlay.ts';

const Options = z.object({
  out: z.string().optional(),
  json: z.boolean(),
  view: z.enum(['PA', 'AP'], { error: 'expected --view PA or --view AP' }).optional(),
  age: z.coerce.number({ error: 'expected --age in years' }).int().min(0).max(130).optional(),
  pack: z.string().optional(),
  engine: EngineChoice.default('auto'),
  language: z.enum(ReportLanguage.options, { error: 'expected --language en or --language de' }).default('en'),
});

/** Answers with what is to be printed. */
export async function analyzeCommand(rest: string[], values: Record<string, unknown>): Promise<string> {
  const options = Options.safeParse(values);
  if (!options.success)
    throw new AppError('invalid-input', options.error.issues.map(({ message }) => message).join('; '));
  const [target] = rest;
  if (!target || rest.length > 1)
    throw new AppError('invalid-input', `Expected one file or folder, found ${rest.length}. See raddraft --help.`);
  if (!existsSync(target)) throw new AppError('not-found', `Expected a file or folder, found nothing at ${target}.`);
  const { out, json, view, age, pack, engine, language } = options.data;
  const analyzed = await analyze(path.resolve(target), {
    packFolders: pack ? [path.resolve(pack), ownPackFolder()] : [ownPackFolder()],
    choice: engine,
    startEngine,
    picture: { view: view ?? null, ageYears: age ?? null },
    language,
  });
  const { result } = analyzed;
  const printed = JSON.stringify(result, null, 2);
  if (out !== undefined) {
    await writeResults(path.resolve(out), {
      'draft.txt': draftText(result),
      'result.json': `${printed}\n`,
      'overlay.png': overlayPng(analyzed),
    });
    const warning = burnedInWarning(result);
    if (warning !== '') process.stderr.write(`raddraft: ${warning}\n`);
  }
  return json ? `${printed}\n` : summary(result);
}

const LABEL = 'For research and evaluation. Not for clinical use.';

/** For the owner alone: they hold what belongs to a patient. */
async function writeResults(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(folder, name);
      await rm(file, { force: true }); // a file that is there would keep its mode
      await writeFile(file, content, { mode: 0o600 });
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new AppError(
      'refused',
      `Expected --out to name a folder that can be written, found one that cannot (${code}). Name another folder.`,
      { cause },
    );
  }
}

/** BurnedInAnnotation (0028,0301): a picture of such pixels goes where names may not. */
function burnedInWarning({ film }: AnalyzeResult): string {
  if (film.burnedIn === 'NO') return '';
  return film.burnedIn === 'YES'
    ? 'overlay.png shows text that is burned into the film (BurnedInAnnotation YES): it may name the patient.'
    : 'overlay.png may show text that is burned into the film (the file does not say): look at it before you pass it on.';
}

function draftText({ film, draft, gate, pack }: AnalyzeResult): string {
  const by = `by ${pack.id} ${pack.version} (${pack.use}) from the film ${film.instance}`;
  const head = draft
    ? [LABEL, `Drafted ${by}. Not read or signed by a person.`, ...gate.caveats]
    : [LABEL, `Not drafted ${by}.`, ...gate.caveats];
  return `${head.join('\n')}\n\n${draft ? draft.text : `No draft was made. ${gate.message}\n`}`;
}

function summary(result: AnalyzeResult): string {
  const { film, gate, findings, engine, pack, timings, notUsed } = result;
  const lines = [
    LABEL,
    `Film      ${film.file}: ${film.modality} ${film.bodyPart} ${film.viewPosition}, ${film.columns} × ${film.rows}`,
    `Gate      ${gate.accepted ? 'accepted' : `refused (${gate.reason ?? ''}). ${gate.message}`}`,
    ...gate.caveats.map((caveat) => `          ${caveat}`),
    `Pack      ${pack.id} ${pack.version} (${pack.use})`,
  ];
  if (engine) lines.push(`Engine    ${engine.provider}${engine.fallback ? `. ${engine.fallback}` : ''}`);
  for (const { name, probability, positive } of findings)
    lines.push(
      `Finding   ${positive ? '●' : '○'} ${name}: ${bandOf(probability)} (${(100 * probability).toFixed(0)} %)`,
    );
  for (const { file, reason } of notUsed) lines.push(`Not read  ${file}: ${reason}`);
  lines.push(
    `Time      ${Object.entries(timings)
      .map(([stage, ms]) => `${stage} ${ms.toFixed(0)} ms`)
      .join(', ')}`,
  );
  return `${lines.join('\n')}\n${result.draft ? `\n${result.draft.text}` : ''}`;
}
