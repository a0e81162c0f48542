/**
 * The inference process: serves the engine's contract to whoever started it and ends with that connection.
 * Forked by Node it talks over its own channel; as Electron's utility process over the MessagePort that comes
 * with the first message.
 */
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { engineProtocol } from '#contract/engine.ts';
import { childProcess } from '#contract/ports/childProcess.ts';
import { messagePort, type MessagePortLike } from '#contract/ports/messagePort.ts';
import type { Port } from '#contract/protocol.ts';
import { serve } from '#contract/rpc.ts';
import { createHandlers } from './handlers.ts';

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  once(event: 'message', listener: (event: { ports: MessagePortLike[] }) => void): unknown;
}

const parentPort = (process as { parentPort?: ParentPort }).parentPort;
if (parentPort) parentPort.once('message', ({ ports: [port] }) => port && start(messagePort(port)));
else if (process.send) start(childProcess(process));
else {
  process.stderr.write('The engine is started by RadDraft; it does nothing on its own.\n');
  process.exitCode = 2;
}

function start(port: Port): void {
  port.onClose(() => process.exit());
  serve(port, engineProtocol, createHandlers(), {
    onInternal(error, call) {
      const id = randomUUID().slice(0, 8);
      process.stderr.write(`${id} ${call}: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}\n`);
      return id;
    },
  });
}
