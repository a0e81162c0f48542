/** How an engine process is started. Electron's shell has its own way; server, command line and tests fork. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { AppError } from '#contract/errors.ts';
import { childProcess } from '#contract/ports/childProcess.ts';
import type { Port } from '#contract/protocol.ts';

export interface EngineProcess {
  port: Port;
  /** Ends it at once, also in the middle of a run. */
  kill(): void;
  onExit(listener: () => void): void;
  /** The last lines that it wrote to standard error, for the log; it writes nothing of a patient. */
  lastWords?(): string;
}
/** `libraries`: a folder that the process may load shared libraries from, before the system's (Linux). */
export type StartEngine = (libraries?: string) => Promise<EngineProcess>;

const LAST_LINES = 20;

/** Forks the engine under this very Node, from source or from the built folder, whichever this file came from. */
export const forkEngine: StartEngine = (libraries) =>
  new Promise((resolve, reject) => {
    const child = fork(entryPoint(), [], {
      execPath: process.execPath,
      execArgv: [],
      ...(libraries && { env: { ...process.env, LD_LIBRARY_PATH: libraries } }),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const lines: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter(Boolean));
      lines.splice(0, lines.length - LAST_LINES);
    });
    child.once('error', (cause) =>
      reject(new AppError('engine-failed', 'The engine could not be started.', { cause })),
    );
    child.once('spawn', () =>
      resolve({
        port: childProcess(child),
        kill: () => child.kill('SIGKILL'),
        onExit: (listener) => child.once('exit', listener),
        lastWords: () => lines.join('\n'),
      }),
    );
  });

function entryPoint(): string {
  const here = import.meta.dirname;
  const candidates = import.meta.filename.endsWith('.ts')
    ? [path.resolve(here, '../../engine/main.ts')]
    : [path.join(here, 'engine.mjs'), path.resolve(here, '../engine.mjs')];
  const found = candidates.find((file) => existsSync(file));
  if (!found) throw new AppError('engine-failed', `expected the engine's program at ${candidates.join(' or ')}`);
  return found;
}
