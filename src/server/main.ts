/** Browser mode: the same application in a browser on this machine. `--port`, `--data`, `--open`, then paths. */
import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createBackend, ownPackFolder } from '#backend/backend.ts';
import { forkEngine } from '#backend/engine/start.ts';
import { defaultDataFolder } from '#backend/files/dataFolder.ts';
import { AppError } from '#contract/errors.ts';
import { listen } from './listen.ts';
import { openBrowser } from './openBrowser.ts';

let opened = false;
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
      open: { type: 'boolean', default: false },
    },
  });
  const backend = await createBackend({
    dataFolder: values.data ?? defaultDataFolder(process.env, process.platform, homedir()),
    shell: 'browser',
    allowsPaths: false,
    openAtStart: positionals.map((name) => path.resolve(name)),
    machineSecret: { kind: 'file' },
    startEngine: forkEngine,
    packFolders: [ownPackFolder()],
  });
  const server = await listen({
    port: Number(values.port),
    files: path.resolve(import.meta.dirname, '../../dist/renderer'),
    serve: (port) => backend.serve(port),
    onAddress(address) {
      console.log(`RadDraft is at ${address}  (the address works once)`);
      if (values.open && !opened) openBrowser(address);
      opened = true;
    },
  });
  backend.warm();
  const end = () => {
    server.close();
    void backend.close().finally(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
} catch (error) {
  const known = error instanceof AppError || (error instanceof TypeError && 'code' in error);
  console.error(`raddraft: ${known ? error.message : 'Browser mode could not start.'}`);
  process.exit(2);
}
