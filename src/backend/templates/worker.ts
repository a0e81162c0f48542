/** Reads one template and ends: a file that holds the parser up or fills its memory holds up nothing else. */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { templateFrom } from './parse.ts';
import type { Answer } from './templates.ts';

const { bytes } = z.object({ bytes: z.instanceof(Uint8Array) }).parse(workerData);

function answer(): Answer {
  try {
    return { kind: 'read', template: templateFrom(bytes) };
  } catch (error) {
    if (error instanceof RangeError && error.message.startsWith('Expected'))
      return { kind: 'refused', words: error.message };
    return {
      kind: 'refused',
      words:
        'Expected a template that can be read, found one that ended the reader. Nothing was read; the program goes on.',
    };
  }
}

parentPort?.postMessage(answer());
