/** The backend under a Node of its own, for an Electron whose Node is too old for the database: never in a release. */
import { fork } from 'node:child_process';
import { stopping } from '#contract/keepRunning.ts';
import { manyWindows } from '#contract/ports/manyWindows.ts';
import { clock, whenFailed, type StartBackend } from './backend.ts';

export const nodeBackend =
  (node: string, program: string): StartBackend =>
  (init, { onFailed, onExit }) => {
    const child = fork(program, [], {
      execPath: node,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const send = (message: object): void => {
      if (child.connected) child.send(message, () => undefined);
    };
    const windows = manyWindows(send);
    child.on('message', windows.heard).on('message', whenFailed(onFailed));
    const gone = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    }).then(windows.close);
    void gone.then(onExit);
    send(init);
    return {
      join: windows.join,
      stop: () => stopping(gone, clock, (hard) => void child.kill(hard ? 'SIGKILL' : 'SIGTERM')),
    };
  };
