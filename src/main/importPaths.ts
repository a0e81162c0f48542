/** Opens what a second start of the program was given: the running window learns of it by `study.changed`. */
import { randomUUID } from 'node:crypto';
import type { MessagePortMain } from 'electron';
import { product } from '#contract/calls.ts';
import { messagePort } from '#contract/ports/messagePort.ts';
import { connect } from '#contract/rpc.ts';

export async function importPaths(port: MessagePortMain, paths: string[]): Promise<void> {
  const { api } = connect(messagePort(port), product);
  try {
    await api['import.run']({
      job: randomUUID(),
      sources: paths.map((file) => ({ kind: 'path', path: file })),
    });
  } catch {
    // The backend went away meanwhile; the person sees that, and opens the file again.
  } finally {
    port.close();
  }
}
