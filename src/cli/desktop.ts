/** The command line inside the desktop program, which runs it without a window: main keeps the secret, forks engines, hears lines. */
import process from 'node:process';
import { forkEngine, type StartEngine } from '#backend/engine/start.ts';
import { enginesOfMain, type ParentPort } from '#backend/shell/enginesOfMain.ts';
import { CliWord, type BackendInit, type CliAsk } from '#contract/shell.ts';

/** Set in Electron's utility process; a forked Node has `process.send`, and starts engines by itself. */
const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;

/** How an engine is started where this runs. */
export const startEngine: StartEngine = parentPort ? enginesOfMain(parentPort) : forkEngine;

let secret: BackendInit['machineSecret'] | null = null;

/** How the machine keeps its key, as main found it; null where a person runs this program in Node. */
export const machineSecret = (): BackendInit['machineSecret'] | null => secret;

/** Waits for main's first word. */
export async function hearDesktop(): Promise<void> {
  const word = await next();
  if (word.t === 'cli') secret = word.machineSecret;
  if (!parentPort) process.disconnect();
}

/** A line of the standard input that main has; null where this process has one itself. */
export async function lineOfDesktop(): Promise<string | null> {
  if (!parentPort) return null;
  parentPort.postMessage({ t: 'cli.ask' } satisfies CliAsk);
  const word = await next();
  return word.t === 'cli.line' ? word.text : '';
}

function next(): Promise<CliWord> {
  return new Promise((resolve) => {
    const heard = (data: unknown): void => {
      const word = CliWord.safeParse(data);
      if (word.success) resolve(word.data);
    };
    if (parentPort) parentPort.on('message', ({ data }) => heard(data));
    else process.on('message', heard);
  });
}

/** Ends this process when what it wrote is out: Electron's utility process would stay for messages. */
export function endInDesktop(): void {
  if (parentPort) process.stdout.write('', () => process.exit());
}
