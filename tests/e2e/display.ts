/** A display for windows: the one that is there, or an Xvfb of our own. */
import { spawn, spawnSync } from 'node:child_process';
import process from 'node:process';

export interface Display {
  /** For DISPLAY. */
  name: string;
  close(): void;
}

export const hasXvfb = (): boolean => !spawnSync('Xvfb', ['-help']).error;

/** Whether windows can be shown at all. */
export const canShow = (): boolean => process.platform !== 'linux' || Boolean(process.env['DISPLAY']) || hasXvfb();

export async function openDisplay(): Promise<Display> {
  const there = process.env['DISPLAY'];
  if (process.platform !== 'linux' || there) return { name: there ?? '', close: () => undefined };
  // Xvfb picks a free number and writes it to descriptor 3. When the last of its programs leaves it would begin anew, and
  // lose whoever comes at that moment: a program that opens the display twice at its start.
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    child.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('error', reject);
    child.once('exit', () => reject(new Error('Xvfb ended at once')));
  });
  return { name: `:${number}`, close: () => void child.kill() };
}
