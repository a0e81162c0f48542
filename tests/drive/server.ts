/** Starts browser mode for real, as a process, and knows the address that it prints. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

export interface RunningServer {
  /** The newest one-time address. */
  address(): string;
  child: ChildProcess;
  /** Ends it politely and waits. */
  close(): Promise<void>;
  /** kill -9, and waits. */
  kill(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, '../..');

/** `home` holds the data folder and the key file. Paths are opened at the start. */
export async function startServer(home: string, paths: string[] = []): Promise<RunningServer> {
  const child = spawn(
    process.execPath,
    [path.join(root, 'src/server/main.ts'), '--data', path.join(home, 'data'), ...paths],
    {
      env: { ...process.env, RADDRAFT_KEY: path.join(home, 'machine.key') },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let address = '';
  let said = '';
  const first = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      address = [...text.matchAll(/http:\/\/\S+/g)].at(-1)?.[0] ?? address;
      if (address) resolve();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('exit', (code) => reject(new Error(`browser mode ended with ${code}: ${said}`)));
  });
  await first;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await gone;
  };
  return { address: () => address, child, close: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
