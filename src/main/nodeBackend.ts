/**
 * The backend under a Node of its own, for an Electron whose Node is too old for the database: only in a run from the
 * source folder. Windows share the child's one channel (contract/shell).
 */
import { fork } from 'node:child_process';
import type { MessagePortMain } from 'electron';
import { BackendReady, WindowEnvelope } from '#contract/shell.ts';
import { stopping, type StartBackend } from './backend.ts';

export const nodeBackend =
  (node: string, program: string): StartBackend =>
  (init, { onFailed, onExit }) => {
    const child = fork(program, [], {
      execPath: node,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const windows = new Map<number, MessagePortMain>();
    let next = 0;
    const send = (message: object): void => {
      if (child.connected) child.send(message, () => undefined);
    };
    child.on('message', (message) => {
      const envelope = WindowEnvelope.safeParse(message);
      if (envelope.success && envelope.data.kind === 'message')
        windows.get(envelope.data.id)?.postMessage(envelope.data.message);
      const ready = BackendReady.safeParse(message);
      if (ready.success && ready.data.t === 'failed') onFailed(ready.data.message);
    });
    const gone = new Promise<void>((resolve) => {
      const end = () => {
        for (const port of windows.values()) port.close();
        windows.clear();
        resolve();
      };
      child.once('exit', end);
      child.once('error', end);
    });
    void gone.then(onExit);
    send(init);
    return {
      join(port) {
        const id = next++;
        windows.set(id, port);
        send({ t: 'window', id, kind: 'open' } satisfies WindowEnvelope);
        port.on('message', ({ data }) => send({ t: 'window', id, kind: 'message', message: data as unknown }));
        port.on('close', () => {
          windows.delete(id);
          send({ t: 'window', id, kind: 'close' } satisfies WindowEnvelope);
        });
        port.start();
      },
      stop: () => stopping(gone, (hard) => void child.kill(hard ? 'SIGKILL' : 'SIGTERM')),
    };
  };
