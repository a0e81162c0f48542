/** What became of one case: taken in, refused by name, or a finding. */
import { AppError } from '#contract/errors.ts';
import type { Imaging } from '../../src/backend/dicom/imaging.ts';
import { directoryFiles } from '../../src/backend/dicom/directory.ts';
import { parse } from '../../src/backend/dicom/parse.ts';

export type Verdict =
  | { kind: 'accepted' }
  | { kind: 'refused'; why: string }
  /** A crash, an unknown throw, a hang, memory, or pixels that are not what the header says. */
  | { kind: 'finding'; what: string };

/** A case that takes longer hangs. */
export const HANG_MS = 5000;

/** `index`: it was made of a DICOMDIR, whose records are read instead. */
export function judgeParse(bytes: Uint8Array, index = false): Verdict {
  const began = performance.now();
  const verdict = index ? indexed(bytes) : parsed(bytes);
  const took = performance.now() - began;
  return took > HANG_MS ? { kind: 'finding', what: `hang: parse took ${took.toFixed(0)} ms` } : verdict;
}

function parsed(bytes: Uint8Array): Verdict {
  try {
    const { file } = parse(bytes);
    if (file && (file.header.rows < 1 || file.header.columns < 1 || file.header.frames < 1))
      return { kind: 'finding', what: 'accepted: a film without pixels' };
    return { kind: 'accepted' };
  } catch (error) {
    return refusal(error);
  }
}

function indexed(bytes: Uint8Array): Verdict {
  try {
    directoryFiles(bytes);
    return { kind: 'accepted' };
  } catch (error) {
    return refusal(error);
  }
}

/** In the real worker, as the program does it. `imaging` must have `HANG_MS` as its time. */
export async function judgeDecode(imaging: Imaging, bytes: Uint8Array, frame: number): Promise<Verdict> {
  try {
    const { rows, columns, samplesPerPixel, data, min, max } = await imaging.decode(bytes, frame);
    if (data.length !== rows * columns * samplesPerPixel)
      return {
        kind: 'finding',
        what: `accepted: ${data.length} samples for ${columns} × ${rows} × ${samplesPerPixel}`,
      };
    if (!Number.isFinite(min) || !Number.isFinite(max) || min > max)
      return { kind: 'finding', what: `accepted: values from ${min} to ${max}` };
    return agreesWithHeader(bytes, rows, columns, samplesPerPixel);
  } catch (error) {
    return refusal(error);
  }
}

/** What the parser says of the same file must be what the decoder made of it. */
function agreesWithHeader(bytes: Uint8Array, rows: number, columns: number, samples: number): Verdict {
  let header;
  try {
    header = parse(bytes).file?.header;
  } catch {
    return { kind: 'accepted' }; // refused for something else than its pixels
  }
  if (!header) return { kind: 'accepted' };
  const shown = header.photometric === 'PALETTE COLOR' ? 3 : header.samplesPerPixel;
  return header.rows === rows && header.columns === columns && shown === samples
    ? { kind: 'accepted' }
    : { kind: 'finding', what: `accepted: header and pixels disagree (${header.columns} × ${header.rows} × ${shown})` };
}

function refusal(error: unknown): Verdict {
  if (!(error instanceof AppError)) {
    const name = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
    return { kind: 'finding', what: `unknown throw: ${name.slice(0, 200)}` };
  }
  if (error.code === 'internal') return { kind: 'finding', what: `internal: ${error.message}` };
  if (error.code === 'timed-out') return { kind: 'finding', what: 'hang: no answer in time' };
  if (/that ended the reader/.test(error.message)) return { kind: 'finding', what: 'crash: the worker ended' };
  if (/one that needs more/.test(error.message)) return { kind: 'finding', what: 'memory: over the cap' };
  if (/that the reader fails on/.test(error.message))
    return { kind: 'finding', what: `unknown throw: ${error.message}` };
  if (!/^Expected .+, found .+\. .+\.$/s.test(error.message))
    return { kind: 'finding', what: `no expected, found, what to do: ${error.message.slice(0, 120)}` };
  return { kind: 'refused', why: `${error.code}: ${kindOf(error.message)}` };
}

/** The expectation without its numbers, so that refusals of one kind count together. */
const kindOf = (message: string): string =>
  (/^Expected (.+?), found /s.exec(message)?.[1] ?? message).replace(/\d[\d.,]*/g, 'n').slice(0, 60);
