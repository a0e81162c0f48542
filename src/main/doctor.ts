/** `raddraft --doctor`: the command line's own doctor (cli/doctor), run as the backend is run, without a window. */
import { spawn } from 'node:child_process';
import { ownNode, packs, program } from './places.ts';
import { withEngines } from './utilityBackend.ts';

/** `keyStore`: the operating system's, as main finds it; empty where there is none. Answers with the exit code. */
export function examine(dataFolder: string, keyStore: string): Promise<number> {
  const data = dataFolder ? ['--data', dataFolder] : [];
  const args = ['doctor', '--pack', packs(), '--key-store', keyStore, ...data];
  const node = ownNode();
  return new Promise((resolve) => {
    if (node) spawn(node, [program('cli'), ...args], { stdio: 'inherit' }).once('exit', (code) => resolve(code ?? 2));
    else withEngines(program('cli'), args, program('engine')).once('exit', resolve);
  });
}
