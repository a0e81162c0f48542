/** The one engine process that may be alive: started when needed, killed at will, never two. */
import { engineProtocol, type EngineProtocol } from '#contract/engine.ts';
import { AppError } from '#contract/errors.ts';
import { connect, type Connection } from '#contract/rpc.ts';
import type { EngineProcess, StartEngine } from './start.ts';

export interface EngineChild {
  /** The living process's connection; starts one where none lives. */
  connection(): Promise<Connection<EngineProtocol>>;
  /** Ends the process at once; calls under way fail with `closed`. The next `connection()` starts a new one. */
  kill(): void;
  state(): 'down' | 'starting' | 'up';
  /** The last lines on standard error of the process that ended last, or of the living one. */
  lastWords(): string;
}

export interface EngineChildOptions {
  start: StartEngine;
  /** The process started or ended. */
  onChange: () => void;
}

export function createEngineChild({ start, onChange }: EngineChildOptions): EngineChild {
  let life = 0;
  let starting: Promise<Connection<EngineProtocol>> | null = null;
  let living: EngineProcess | null = null;
  let latest: EngineProcess | null = null;

  async function begin(mine: number): Promise<Connection<EngineProtocol>> {
    try {
      const engine = await start();
      if (mine !== life) {
        engine.kill();
        throw new AppError('closed', 'the engine was ended while it started');
      }
      living = latest = engine;
      const connection = connect(engine.port, engineProtocol);
      const gone = () => ended(mine);
      connection.onClose(gone);
      engine.onExit(gone);
      onChange();
      return connection;
    } catch (error) {
      ended(mine);
      if (error instanceof AppError) throw error;
      throw new AppError('engine-failed', 'The engine could not be started.', { cause: error });
    }
  }

  function ended(mine: number): void {
    if (mine !== life) return;
    life++;
    starting = living = null;
    onChange();
  }

  return {
    connection() {
      if (!starting) {
        starting = begin(++life);
        onChange();
      }
      return starting;
    },
    kill() {
      const engine = living;
      ended(life);
      engine?.kill();
    },
    state: () => (living ? 'up' : starting ? 'starting' : 'down'),
    lastWords: () => latest?.lastWords?.() ?? '',
  };
}
