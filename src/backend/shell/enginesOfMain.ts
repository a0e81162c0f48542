/** Starting engines by asking Electron's main process, which alone may fork a utilityProcess. */
import { AppError } from '#contract/errors.ts';
import { messagePort, type MessagePortLike } from '#contract/ports/messagePort.ts';
import { EngineAnswer, type EngineRequest } from '#contract/shell.ts';
import type { StartEngine } from '../engine/start.ts';

/** Electron's `process.parentPort` in a utilityProcess. */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: unknown[] }) => void): void;
}

const PATIENCE_MS = 20_000;

export function enginesOfMain(parent: ParentPort): StartEngine {
  let next = 0;
  const waiting = new Map<number, (port: MessagePortLike) => void>();
  const exits = new Map<number, (() => void)[]>();
  parent.on('message', ({ data, ports }) => {
    const answer = EngineAnswer.safeParse(data);
    if (!answer.success) return;
    const { t, id } = answer.data;
    const [port] = ports;
    if (t === 'engine.started' && port) waiting.get(id)?.(port as MessagePortLike);
    if (t === 'engine.exit') for (const listener of exits.get(id) ?? []) listener();
  });
  const ask = (message: EngineRequest) => parent.postMessage(message);

  return (libraries = '') =>
    new Promise((resolve, reject) => {
      const id = next++;
      const late = setTimeout(
        () => reject(new AppError('engine-failed', 'The engine could not be started.')),
        PATIENCE_MS,
      );
      exits.set(id, []);
      waiting.set(id, (port) => {
        clearTimeout(late);
        waiting.delete(id);
        resolve({
          port: messagePort(port),
          kill: () => ask({ t: 'engine.kill', id }),
          onExit: (listener) => void exits.get(id)?.push(listener),
        });
      });
      ask({ t: 'engine.start', id, libraries });
    });
}
