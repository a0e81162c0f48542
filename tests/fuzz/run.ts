/**
 * The long run: `node tests/fuzz/run.ts parser|decoders CASES FOLDER [RUN]`. It writes `FOLDER/<what>.json` every few
 * seconds and goes on from there when it is started again; findings lie beside it as files.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { startImaging } from '../../src/backend/dicom/imaging.ts';
import { film } from '../golden/film.ts';
import { HANG_MS, judgeDecode, type Verdict } from './judge.ts';
import { mutate } from './mutate.ts';
import { random } from './random.ts';
import { ownSeeds, realSeeds } from './seeds.ts';

const State = z.object({
  run: z.int(),
  next: z.int(),
  seconds: z.number(),
  /** By what became of the cases. */
  counts: z.record(z.string(), z.int()),
  findings: z.array(z.object({ index: z.int(), seed: z.string(), what: z.string() })),
  /** Largest resident memory of the whole process, MB. */
  memoryMb: z.number(),
});
type State = z.infer<typeof State>;

/** Resident memory beyond this is a finding (MB). */
const MEMORY_CAP = 4096;

const [what = '', count = '0', folder = '', run = '1'] = process.argv.slice(2);
if ((what !== 'parser' && what !== 'decoders') || folder === '') {
  console.error('Expected: node tests/fuzz/run.ts parser|decoders CASES FOLDER [RUN]');
  process.exit(2);
}
const cases = Number(count);
const file = path.join(folder, `${what}.json`);
mkdirSync(path.join(folder, 'findings'), { recursive: true });
const state: State = existsSync(file)
  ? State.parse(JSON.parse(readFileSync(file, 'utf8')))
  : { run: Number(run), next: 0, seconds: 0, counts: {}, findings: [], memoryMb: 0 };
const before = state.seconds;
const began = performance.now();

function save(): void {
  state.seconds = before + (performance.now() - began) / 1000;
  state.memoryMb = Math.max(state.memoryMb, Math.round(process.memoryUsage.rss() / 2 ** 20));
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 1));
  renameSync(`${file}.new`, file);
}

function found(index: number, seed: string, words: string, bytes: Uint8Array): void {
  state.findings.push({ index, seed, what: words });
  writeFileSync(path.join(folder, 'findings', `${what}-${state.run}-${index}.dcm`), bytes);
  console.log(`finding ${index} (${seed}): ${words}`);
}

const add = (counts: Record<string, number>) => {
  for (const [key, n] of Object.entries(counts)) state.counts[key] = (state.counts[key] ?? 0) + n;
};

const Progress = z.object({
  next: z.int(),
  counts: z.record(z.string(), z.int()),
  findings: z.array(z.object({ index: z.int(), seed: z.string(), what: z.string(), bytes: z.instanceof(Uint8Array) })),
});

/** One worker after another: one that hangs or dies is a finding, and the next goes on behind it. */
async function parser(): Promise<void> {
  while (state.next < cases) {
    const place = new SharedArrayBuffer(4);
    const at = new Int32Array(place);
    const worker = new Worker(new URL('./parser.ts', import.meta.url), {
      workerData: { run: state.run, from: state.next, to: cases, place, real: true },
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    let last = -1;
    let why = '';
    const watch = setInterval(() => {
      const now = Atomics.load(at, 0);
      if (now === last) {
        why = `hang: no end after ${HANG_MS / 1000} seconds`;
        void worker.terminate();
      }
      last = now;
    }, HANG_MS);
    worker.on('message', (message) => {
      const { next, counts, findings } = Progress.parse(message);
      state.next = next;
      add(counts);
      for (const { index, seed, what, bytes } of findings) found(index, seed, what, bytes);
      save();
    });
    worker.on('error', (error) => {
      why = `crash: ${error instanceof Error ? error.message : String(error)}`;
    });
    await new Promise((resolve) => worker.once('exit', resolve));
    clearInterval(watch);
    if (state.next >= cases) return;
    // What the batch had counted before is lost with the worker: its cases run again one by one behind the bad one.
    const index = Math.max(state.next, Atomics.load(at, 0));
    const { seed, bytes } = mutate([...ownSeeds(), ...realSeeds()], index, random(state.run, index));
    found(index, seed, why || 'crash: the worker ended', bytes);
    add({ finding: 1, 'not judged again': index - state.next });
    state.next = index + 1;
    save();
  }
}

async function decoders(): Promise<void> {
  const seeds = [...ownSeeds(), ...realSeeds()];
  const imaging = startImaging({ timeoutMs: HANG_MS });
  for (; state.next < cases; state.next++) {
    const index = state.next;
    const numbers = random(state.run, index);
    const { seed, bytes } = mutate(seeds, index, numbers, 'streams');
    const frame = numbers.oneIn(10) ? numbers.below(3) : 0;
    const first = await judgeDecode(imaging, bytes, frame);
    const verdict = isHang(first) ? await again(bytes, frame) : first;
    add({ [verdict.kind === 'refused' ? verdict.why : verdict.kind]: 1 });
    if (verdict.kind === 'finding') found(index, seed, verdict.what, bytes);
    if (index % 250 !== 0) continue;
    save();
    const memory = Math.round(process.memoryUsage.rss() / 2 ** 20);
    if (memory > MEMORY_CAP) found(index, seed, `memory: ${memory} MB resident near this case`, bytes);
  }
  await imaging.close();

  /** On a machine that has no time even a start takes long: the case gets a second try in a worker that is awake. */
  async function again(bytes: Uint8Array, frame: number): Promise<Verdict> {
    add({ 'tried again': 1 });
    const patient = startImaging({ timeoutMs: 60_000 });
    try {
      await patient.decode(film(), 0);
      const began = performance.now();
      const verdict = await judgeDecode(patient, bytes, frame);
      return performance.now() - began > HANG_MS ? { kind: 'finding', what: 'hang: twice no answer in time' } : verdict;
    } finally {
      await patient.close();
    }
  }
}

const isHang = (verdict: Verdict): boolean => verdict.kind === 'finding' && verdict.what.startsWith('hang');

await (what === 'parser' ? parser() : decoders());
save();
console.log(JSON.stringify({ ...state, findings: state.findings.length }, null, 1));
