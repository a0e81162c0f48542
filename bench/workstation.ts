/** A backend in this very process, so that the pauses of its loop can be seen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { MessageChannel } from 'node:worker_threads';
import { createBackend, ownPackFolder, type Backend } from '#backend/backend.ts';
import { forkEngine } from '#backend/engine/start.ts';
import { PIECE_BYTES, product, type Product } from '#contract/calls.ts';
import { messagePort } from '#contract/ports/messagePort.ts';
import type { Api } from '#contract/protocol.ts';
import { connect } from '#contract/rpc.ts';
import { JobId, type StudyId } from '#core/study/ids.ts';

/** An empty place for one run; `RADDRAFT_KEY` points into it. */
export function temporaryHome(name = 'bench'): { home: string; remove(): void } {
  const home = mkdtempSync(path.join(tmpdir(), `raddraft-${name}-`));
  process.env['RADDRAFT_KEY'] = path.join(home, 'machine.key');
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

export interface Workstation {
  backend: Backend;
  api: Api<Product>;
  close(): Promise<void>;
}

export async function openWorkstation(home: string, allowsPaths = false): Promise<Workstation> {
  process.env['RADDRAFT_KEY'] = path.join(home, 'machine.key');
  const backend = await createBackend({
    dataFolder: path.join(home, 'data'),
    shell: 'test',
    allowsPaths,
    openAtStart: [],
    machineSecret: { kind: 'file' },
    startEngine: forkEngine,
    packFolders: [ownPackFolder()],
  });
  const { port1, port2 } = new MessageChannel();
  backend.serve(messagePort(port1));
  const close = async () => {
    port1.close();
    await backend.close();
  };
  return { backend, api: connect(messagePort(port2), product).api, close };
}

export async function upload(api: Api<Product>, bytes: Uint8Array): Promise<StudyId> {
  const { upload } = await api['upload.begin']({ name: 'film', bytes: bytes.length });
  for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES)
    await api['upload.piece']({ upload, offset, bytes: bytes.slice(offset, offset + PIECE_BYTES) });
  const { entries } = await api['import.run']({ job: JobId.parse('bench'), sources: [{ kind: 'upload', upload }] });
  const study = entries[0]?.study;
  if (!study) throw new Error(`the film was not read: ${entries[0]?.reason ?? ''}`);
  return study;
}

/** The longest pause of this process's loop while `work` runs, in ms. */
export async function longestPause<T>(work: () => Promise<T>): Promise<{ value: T; pause: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const value = await work();
  delay.disable();
  return { value, pause: delay.max / 1e6 };
}

export const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

export async function timed<T>(work: () => Promise<T> | T): Promise<{ value: T; ms: number }> {
  const began = performance.now();
  const value = await work();
  return { value, ms: performance.now() - began };
}
