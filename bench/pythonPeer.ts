/** The whole analysis of a film against the same film through a Python pipeline with the same graph. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { ownPackFolder } from '#backend/backend.ts';
import type { Analysis } from '#core/findings/findings.ts';
import { Pack } from '#core/pack/pack.ts';
import { JobId, type StudyId } from '#core/study/ids.ts';
import { copyOf, jpeg2000Film } from './films.ts';
import type { Row } from './row.ts';
import { median, openWorkstation, temporaryHome, timed, upload } from './workstation.ts';

const Answer = z.object({ decode: z.number(), prepare: z.number(), run: z.number(), logits: z.array(z.number()) });
const LARGEST_DIFFERENCE = 0.02;

/** `PYTHON` may name an interpreter that has pydicom (with a JPEG 2000 decoder), numpy and onnxruntime. */
export async function pythonPeer(rounds: number): Promise<Row | null> {
  const python = process.env['PYTHON'] ?? 'python3';
  try {
    execFileSync(python, ['-c', 'import pydicom, numpy, onnxruntime'], { stdio: 'ignore' });
  } catch {
    console.log(`\nPython peer: left out, ${python} has no pydicom, numpy and onnxruntime (PYTHON may name another).`);
    return null;
  }
  const { home, remove } = temporaryHome();
  try {
    const film = await jpeg2000Film();
    const file = path.join(home, 'film.dcm');
    writeFileSync(file, film);
    const pack = path.join(ownPackFolder(), 'chest-findings');
    const script = path.resolve(import.meta.dirname, 'python_peer.py');
    const peer = Answer.parse(
      JSON.parse(execFileSync(python, [script, file, pack, String(rounds)], { encoding: 'utf8' })),
    );
    const first = await openWorkstation(home);
    const studies: StudyId[] = [];
    for (let copy = 0; copy <= rounds; copy++) studies.push(await upload(first.api, copyOf(film, copy)));
    await first.close(); // forgets what the import has decoded
    const station = await openWorkstation(home);
    const ours: number[] = [];
    let findings: Analysis['findings'] = [];
    for (const [round, study] of studies.entries()) {
      const made = await timed(() => station.api['draft.make']({ job: JobId.parse('bench'), study }));
      if (round > 0) ours.push(made.ms);
      findings = made.value.analysis?.findings ?? [];
    }
    await station.close();
    const { labels } = Pack.parse(JSON.parse(readFileSync(path.join(pack, 'pack.json'), 'utf8')));
    const differences = labels.flatMap(({ id, calibration: { slope, intercept } }, at) => {
      const found = findings.find(({ label }) => label === id);
      const theirs = 1 / (1 + Math.exp(-(slope * (peer.logits[at] ?? NaN) + intercept)));
      return found ? [Math.abs(found.probability - theirs)] : [];
    });
    const difference = Math.max(...differences);
    if (!(difference <= LARGEST_DIFFERENCE)) throw new Error(`the peer's probabilities differ by ${difference}`);
    return {
      what: `a 2,000 × 2,500 JPEG 2000 film, decoded, analysed, drafted and stored (median of ${rounds})`,
      ours: median(ours),
      bare: peer.decode + peer.prepare + peer.run,
      against: 'pydicom + numpy + onnxruntime, same graph, nothing stored',
      goal: null,
      stages: {
        'largest difference × 1000': 1000 * difference,
        'Python decode': peer.decode,
        'Python prepare': peer.prepare,
        'Python run': peer.run,
      },
    };
  } finally {
    remove();
  }
}
