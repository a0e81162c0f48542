/** The log of failures: what broke and where in the program, never what a message said about a patient. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const MOST_BYTES = 1024 * 1024;

export interface Log {
  /** Answers with the id under which it stands. */
  error(error: unknown, call: string): string;
}

/**
 * One line a failure: time, id, call, the error's class and the program's own stack frames. Messages are left out:
 * they may quote what was being worked on.
 */
export function createLog(folder: string, now: () => number): Log {
  const file = path.join(folder, 'logs', 'errors.log');
  return {
    error(error, call) {
      const id = randomUUID().slice(0, 8);
      const { name, frames } = partsOf(error);
      const line = JSON.stringify({ at: new Date(now()).toISOString(), id, call, error: name, frames });
      try {
        mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
        if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MOST_BYTES) renameSync(file, `${file}.1`);
        appendFileSync(file, `${line}\n`, { mode: 0o600 });
      } catch {
        return ''; // a log that cannot be written must not break what it reports on
      }
      return id;
    },
  };
}

function partsOf(error: unknown): { name: string; frames: string[] } {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
    .map((line) => line.trim().replace(/\(?(file:\/\/)?\/.*\/((?:src|dist|node_modules)\/)/, '($2'));
  return { name: `${error.name}${code}`, frames };
}
