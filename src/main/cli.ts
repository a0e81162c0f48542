/** `raddraft --cli …`: the command line's own program (cli/main), run as the backend is run, without a window. */
import { fork } from 'node:child_process';
import { CliAsk, type BackendInit, type CliWord } from '#contract/shell.ts';
import { ownNode, program } from './places.ts';
import { withEngines } from './utilityBackend.ts';

/** Answers with the exit code. The secret is never an argument, which every program on the machine can see. */
export function runCli(words: string[], machineSecret: BackendInit['machineSecret']): Promise<number> {
  const args = ['--desktop', ...words];
  const told: CliWord = { t: 'cli', machineSecret };
  const node = ownNode();
  return new Promise((resolve) => {
    if (node) {
      const stdio = ['inherit', 'inherit', 'inherit', 'ipc'] as const;
      const child = fork(program('cli'), args, {
        execPath: node,
        execArgv: [],
        serialization: 'advanced',
        stdio: [...stdio],
      });
      child.once('exit', (code) => resolve(code ?? 2)).send(told);
      return;
    }
    const child = withEngines(program('cli'), args, program('engine')).once('exit', resolve);
    const line = (text: Buffer): void => child.postMessage({ t: 'cli.line', text: String(text) } satisfies CliWord);
    child.on('message', (word) => CliAsk.safeParse(word).success && process.stdin.once('data', line));
    child.postMessage(told);
  });
}
