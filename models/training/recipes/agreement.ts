/**
 * How far the program is from TorchXRayVision's own Python, film by film: input, logits, maps, normalised probabilities.
 * `node agreement.ts PACKS PACK SAID.json` prints it; tests/torchxrayvision.test.ts holds it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { startImaging } from '../../../src/backend/dicom/imaging.ts';
import { createEngine } from '../../../src/backend/engine/engine.ts';
import { forkEngine } from '../../../src/backend/engine/start.ts';
import { openPackStore } from '../../../src/backend/files/packs.ts';
import { captureUids } from '../../../src/backend/services/importing.ts';
import { samplesOf } from '../../../src/core/imaging/pixels.ts';
import { prepare } from '../../../src/core/imaging/prepare.ts';
import { calibrated } from '../../../src/core/pack/calibrated.ts';

const Said = z.object({
  by: z.string(),
  films: z.array(
    z.object({
      file: z.string(),
      /** [row, column, value within ±1024] */
      tensor: z.array(z.tuple([z.number(), z.number(), z.number()])),
      logits: z.array(z.number()),
      probabilities: z.array(z.number()),
      cam: z.array(z.array(z.number())),
      untrained: z.array(z.number()),
    }),
  ),
});

/** Largest differences of one film; `input` as a share of the range of 2048. */
export interface Agreement {
  file: string;
  input: number;
  logits: number;
  probabilities: number;
  maps: number;
  /** Heads that the library answers for and the pack does not have. */
  untrained: number[];
}

/** Each film takes the program's own way: a picture becomes DICOM, is decoded, and goes through the engine. */
export async function agreementWith(packFolder: string, id: string, saidFile: string): Promise<Agreement[]> {
  const said = Said.parse(JSON.parse(readFileSync(saidFile, 'utf8')));
  const packs = await openPackStore([packFolder]);
  const { pack, folder } = packs.get(id);
  const imaging = startImaging();
  const engine = createEngine({ start: forkEngine, packs, choice: 'cpu', onChange: () => undefined });
  try {
    const rows: Agreement[] = [];
    for (const film of said.films) {
      const bytes = new Uint8Array(readFileSync(path.resolve(folder, film.file)));
      const facts = {
        patientName: '',
        patientId: 'X',
        patientSex: '',
        patientAgeYears: null,
        shows: 'chest-pa',
      } as const;
      const dicom = await imaging.capture({ bytes, facts, now: '20260101120000', ...captureUids(bytes, facts) });
      const { file } = await imaging.parse(dicom);
      if (!file) throw new RangeError('expected a film');
      const pixels = await imaging.decode(dicom, 0);
      const { tensor } = prepare(pack.input, file.header, pixels);
      const answer = await engine.analyse({ pack: id, header: file.header, pixels });
      const apart = (ours: ArrayLike<number>, theirs: readonly number[]) =>
        theirs.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - (ours[i] ?? Infinity))),
          ours.length === theirs.length ? 0 : Infinity,
        );
      rows.push({
        file: path.basename(film.file),
        input:
          Math.max(
            ...film.tensor.map(([y, x, value]) => Math.abs(value - (tensor[y * pack.input.columns + x] ?? Infinity))),
          ) / 2048,
        logits: apart(answer.logits, film.logits),
        probabilities: apart(
          pack.labels.map((label, i) => calibrated(label, answer.logits[i] ?? NaN)),
          film.probabilities,
        ),
        maps: Math.max(
          ...film.cam.map((cam, i) => apart(samplesOf('f32', answer.maps[i]?.bytes ?? new Uint8Array()), shown(cam))),
        ),
        untrained: film.untrained,
      });
    }
    return rows;
  } finally {
    engine.close();
    await imaging.close();
  }
}

/** As a map is shown: negative values are nothing, the largest is one. */
function shown(cam: readonly number[]): number[] {
  const largest = Math.max(0, ...cam);
  return cam.map((value) => (value > 0 && largest > 0 ? value / largest : 0));
}

const [packFolder, id, saidFile] = process.argv.slice(2);
if (import.meta.main && packFolder !== undefined && id !== undefined && saidFile !== undefined)
  for (const { file, input, logits, probabilities, maps } of await agreementWith(packFolder, id, saidFile))
    process.stdout.write(
      `${file}: input ${input.toExponential(1)}, logits ${logits.toExponential(1)}, probabilities ${probabilities.toExponential(1)}, maps ${maps.toExponential(1)}\n`,
    );
