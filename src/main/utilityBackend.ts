/** The backend and its engines as Electron's utility processes: the way of every Electron that is shipped. */
import { MessageChannelMain, utilityProcess, type UtilityProcess } from 'electron';
import { BackendReady, EngineRequest, type EngineAnswer } from '#contract/shell.ts';
import { stopping, type StartBackend } from './backend.ts';

export const utilityBackend =
  (program: string, engineProgram: string): StartBackend =>
  (init, { onFailed, onExit }) => {
    const child = utilityProcess.fork(program, [], { serviceName: 'RadDraft backend', stdio: 'inherit' });
    const engines = new Map<number, UtilityProcess>();
    const gone = new Promise<void>((resolve) => {
      child.once('exit', () => {
        for (const engine of engines.values()) end(engine);
        resolve();
      });
    });
    void gone.then(onExit);

    function startEngine(id: number): void {
      const engine = utilityProcess.fork(engineProgram, [], { serviceName: 'RadDraft engine', stdio: 'inherit' });
      const { port1, port2 } = new MessageChannelMain();
      engines.set(id, engine);
      engine.postMessage({ t: 'port' }, [port1]);
      child.postMessage({ t: 'engine.started', id } satisfies EngineAnswer, [port2]);
      engine.once('exit', () => {
        engines.delete(id);
        child.postMessage({ t: 'engine.exit', id } satisfies EngineAnswer);
      });
    }

    child.on('message', (message: unknown) => {
      const request = EngineRequest.safeParse(message);
      if (request.success && request.data.t === 'engine.start') startEngine(request.data.id);
      if (request.success && request.data.t === 'engine.kill') end(engines.get(request.data.id));
      const ready = BackendReady.safeParse(message);
      if (ready.success && ready.data.t === 'failed') onFailed(ready.data.message);
    });
    child.postMessage(init);
    return {
      join: (port) => child.postMessage({ t: 'window' }, [port]),
      stop: () => stopping(gone, (hard) => void (hard ? end(child) : child.kill())),
    };
  };

/** At once, also in the middle of a run. */
function end(child: UtilityProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It has gone by itself.
  }
}
