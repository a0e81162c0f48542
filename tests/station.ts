/** A whole backend in the test's own process, with one window's line to it. */
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createBackend, ownPackFolder, type Backend, type BackendOptions } from '#backend/backend.ts';
import { forkEngine } from '#backend/engine/start.ts';
import { PIECE_BYTES, product, type ImportEntry, type Product } from '#contract/calls.ts';
import { messagePort } from '#contract/ports/messagePort.ts';
import { connect, type Connection } from '#contract/rpc.ts';
import { JobId } from '#core/study/ids.ts';

export interface Station extends Pick<Connection<Product>, 'api' | 'on'> {
  backend: Backend;
  /** Hangs up and closes the backend; what was saved is on the disk. */
  close(): Promise<void>;
}

/** With the packs that ship and a real engine, unless `over` says otherwise; the data lie in `home`/data, the key beside them. */
export async function openStation(home: string, over: Partial<BackendOptions> = {}): Promise<Station> {
  process.env['RADDRAFT_KEY'] = path.join(home, 'machine.key');
  const backend = await createBackend({
    dataFolder: path.join(home, 'data'),
    shell: 'test',
    allowsPaths: false,
    openAtStart: [],
    machineSecret: { kind: 'file' },
    startEngine: forkEngine,
    packFolders: [ownPackFolder()],
    ...over,
  });
  const { port1, port2 } = new MessageChannel();
  backend.serve(messagePort(port1));
  return {
    ...connect(messagePort(port2), product),
    backend,
    async close() {
      port1.close();
      await backend.close();
    },
  };
}

/** Hands a file over as a browser does; answers what became of it. */
export async function take(api: Station['api'], name: string, bytes: Uint8Array): Promise<ImportEntry> {
  const { upload } = await api['upload.begin']({ name, bytes: bytes.length });
  for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES)
    await api['upload.piece']({ upload, offset, bytes: bytes.slice(offset, offset + PIECE_BYTES) });
  const { entries } = await api['import.run']({ job: JobId.parse('take'), sources: [{ kind: 'upload', upload }] });
  const [entry] = entries;
  if (!entry) throw new Error(`nothing was said of ${name}`);
  return entry;
}
