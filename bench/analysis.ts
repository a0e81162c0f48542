/** A drafted film in a warm engine, against its bare parts: decoding, preparing, `session.run`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { ownPackFolder } from '#backend/backend.ts';
import { decodeFrame } from '#backend/dicom/decode.ts';
import { parse } from '#backend/dicom/parse.ts';
import { prepare } from '#core/imaging/prepare.ts';
import { Pack } from '#core/pack/pack.ts';
import { JobId, type StudyId } from '#core/study/ids.ts';
import { copyOf, jpeg2000Film } from './films.ts';
import type { Row } from './row.ts';
import { longer, longestPause, type Pause } from './pauses.ts';
import { median, openWorkstation, temporaryHome, timed, upload } from './workstation.ts';

export async function analysis(rounds: number): Promise<Row> {
  const { home, remove } = temporaryHome();
  try {
    const film = await jpeg2000Film();
    const first = await openWorkstation(home);
    const studies: StudyId[] = [];
    for (let copy = 0; copy <= rounds; copy++) studies.push(await upload(first.api, copyOf(film, copy)));
    await first.close(); // forgets what the import has decoded
    const station = await openWorkstation(home);
    const make = (study: StudyId) => station.api['draft.make']({ job: JobId.parse('bench'), study });
    const [warm, ...cold] = studies;
    if (warm) await make(warm);
    const bare = await bareParts(film);
    await bare();
    const ours: number[] = [];
    const parts: Record<string, number>[] = [];
    let pause: Pause = { wall: 0, cpu: 0 };
    const timings: Record<string, number>[] = [];
    for (const study of cold) {
      parts.push(await bare());
      const run = await longestPause(() => timed(() => make(study)));
      ours.push(run.value.ms);
      timings.push(run.value.value.analysis?.timings ?? {});
      pause = longer(pause, run.pause);
    }
    await station.close();
    const stage = (from: Record<string, number>[], name: string) => median(from.map((entry) => entry[name] ?? 0));
    return {
      what: 'analysis of a 2,000 × 2,500 JPEG 2000 film, warm engine',
      ours: median(ours),
      bare: median(parts.map((part) => Object.values(part).reduce((a, b) => a + b, 0))),
      against: 'decode, then prepare + bare `session.run` for each of the three packs',
      goal: 1.25,
      pauses: { backend: pause, window: null },
      stages: {
        'bare decode': stage(parts, 'decode'),
        'bare prepare': stage(parts, 'prepare'),
        'bare run': stage(parts, 'run'),
        ...Object.fromEntries(Object.keys(timings[0] ?? {}).map((name) => [name, stage(timings, name)])),
      },
    };
  } finally {
    remove();
  }
}

/** Every pack that the product runs over a film, each with its own input. */
const PACKS = ['chest-gate', 'chest-anatomy', 'chest-findings'];

/** As in the product: idle threads of one session would hold the processors that the next one wants. */
const QUIET = { extra: { session: { intra_op: { allow_spinning: '0' } } } };

async function bareParts(film: Uint8Array): Promise<() => Promise<Record<string, number>>> {
  const graphs = await Promise.all(
    PACKS.map(async (id) => {
      const folder = path.join(ownPackFolder(), id);
      const { input, graph } = Pack.parse(JSON.parse(readFileSync(path.join(folder, 'pack.json'), 'utf8')));
      return { input, session: await ort.InferenceSession.create(path.join(folder, graph.weights), QUIET) };
    }),
  );
  const { file } = parse(film);
  if (!file) throw new Error('the film did not parse');
  return async () => {
    const decoded = await timed(() => decodeFrame(film, 0));
    const sums = { decode: decoded.ms, prepare: 0, run: 0 };
    for (const { input, session } of graphs) {
      const prepared = await timed(() => prepare(input, file.header, decoded.value));
      const { rows, columns, channels, name } = input;
      const tensor = new ort.Tensor('float32', prepared.value.tensor, [1, channels, rows, columns]);
      const run = await timed(() => session.run({ [name]: tensor }));
      sums.prepare += prepared.ms;
      sums.run += run.ms;
    }
    return sums;
  };
}
