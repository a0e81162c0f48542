/** The backend as a process of its own: forked by a shell, told once what it needs, gone when the shell is gone. */
import { homedir } from 'node:os';
import process from 'node:process';
import { AppError } from '#contract/errors.ts';
import { messagePort, type MessagePortLike } from '#contract/ports/messagePort.ts';
import { BackendInit, EngineAnswer, type BackendReady } from '#contract/shell.ts';
import { createBackend, type Backend } from './backend.ts';
import { defaultDataFolder } from './files/dataFolder.ts';
import { forkEngine, type StartEngine } from './engine/start.ts';
import { enginesOfMain, type ParentPort } from './shell/enginesOfMain.ts';
import { windowsOver } from './shell/windows.ts';

/** Electron's utilityProcess has a `parentPort`; a forked Node has `process.send`. */
const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;

async function start(init: unknown, startEngine: StartEngine, tell: (message: BackendReady) => void): Promise<Backend> {
  try {
    const { t: _, ...options } = BackendInit.parse(init);
    const dataFolder = options.dataFolder || defaultDataFolder(process.env, process.platform, homedir());
    const backend = await createBackend({ ...options, dataFolder, startEngine });
    const end = () => void backend.close().finally(() => process.exit(0));
    process.once('SIGTERM', end);
    process.once('disconnect', end);
    backend.warm();
    return backend;
  } catch (error) {
    const known = error instanceof AppError ? error : new AppError('internal', 'The background program cannot start.');
    tell({ t: 'failed', code: known.code, message: known.message });
    throw error;
  }
}

if (parentPort) {
  const engines = enginesOfMain(parentPort);
  let backend: Promise<Backend> | null = null;
  parentPort.on('message', ({ data, ports }) => {
    if (EngineAnswer.safeParse(data).success) return; // its port is an engine's, not a window's
    const [port] = ports;
    // The first message brings the options, and every message with a port brings a window.
    backend ??= start(data, engines, (message) => parentPort.postMessage(message));
    if (port) void backend.then((ready) => ready.serve(messagePort(port as MessagePortLike)));
    else void backend.then(() => parentPort.postMessage({ t: 'ready' } satisfies BackendReady));
  });
} else if (process.send) {
  const send = (message: unknown) => void (process.connected && process.send?.(message, () => undefined));
  process.once('message', (init) => {
    void start(init, forkEngine, send).then(
      (backend) => {
        windowsOver({ send, onMessage: (listener) => process.on('message', listener) }, (port) => backend.serve(port));
        send({ t: 'ready' } satisfies BackendReady);
      },
      () => process.exit(1),
    );
  });
} else {
  process.stderr.write('This is the background program of RadDraft; it is started by its shells. Run npm start.\n');
  process.exitCode = 2;
}
