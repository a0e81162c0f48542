/** The backend and its engines as Electron's utility processes: the way of every Electron that is shipped. */
import { MessageChannelMain, utilityProcess, type UtilityProcess } from 'electron';
import { stopping } from '#contract/keepRunning.ts';
import { EngineRequest, type EngineAnswer } from '#contract/shell.ts';
import { clock, whenFailed, type StartBackend } from './backend.ts';

export const utilityBackend =
  (program: string, engineProgram: string): StartBackend =>
  (init, { onFailed, onExit }) => {
    const child = withEngines(program, [], engineProgram);
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    void gone.then(onExit);
    child.on('message', whenFailed(onFailed));
    child.postMessage(init);
    return {
      join: (port) => child.postMessage({ t: 'window' }, [port]),
      stop: () => stopping(gone, clock, (hard) => void (hard ? end(child) : child.kill())),
    };
  };

/** A program that may ask for engines, which only main can fork; they end with it. */
export function withEngines(program: string, args: string[], engineProgram: string): UtilityProcess {
  const child = utilityProcess.fork(program, args, { serviceName: 'RadDraft backend', stdio: 'inherit' });
  const engines = new Map<number, UtilityProcess>();
  child.once('exit', () => {
    for (const engine of engines.values()) end(engine);
  });
  child.on('message', (message: unknown) => {
    const request = EngineRequest.safeParse(message);
    if (request.success && request.data.t === 'engine.start') startEngine(request.data);
    if (request.success && request.data.t === 'engine.kill') end(engines.get(request.data.id));
  });
  function startEngine({ id, libraries }: { id: number; libraries: string }): void {
    const env = libraries === '' ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries };
    const engine = utilityProcess.fork(engineProgram, [], { serviceName: 'RadDraft engine', stdio: 'inherit', env });
    const { port1, port2 } = new MessageChannelMain();
    engines.set(id, engine);
    engine.postMessage({ t: 'port' }, [port1]);
    child.postMessage({ t: 'engine.started', id } satisfies EngineAnswer, [port2]);
    engine.once('exit', () => {
      engines.delete(id);
      child.postMessage({ t: 'engine.exit', id } satisfies EngineAnswer);
    });
  }
  return child;
}

/** At once, also in the middle of a run. */
function end(child: UtilityProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It has gone by itself.
  }
}
