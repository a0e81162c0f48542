/** The machine around the program: the key store, the loopback, the disk and folder that hold the data. */
import { existsSync, statfsSync, statSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import { layoutOf } from '#backend/files/dataFolder.ts';
import { networkFileSystemOf } from '#backend/files/networkFileSystem.ts';

export interface Finding {
  what: string;
  /** `note`: it works, and somebody should know. */
  state: 'ok' | 'note' | 'failed';
  found: string;
}

export function checkKeyStore(store: string | undefined, keyFile: string): Finding {
  const what = 'key store';
  if (store) return { what, state: 'ok', found: store };
  const none = store === undefined ? 'not looked for by the command line' : 'the operating system has none';
  const mode = statSync(keyFile, { throwIfNoEntry: false })?.mode;
  if (mode !== undefined && process.platform !== 'win32' && (mode & 0o077) !== 0)
    return { what, state: 'failed', found: `the key file ${keyFile} is open to others; set its mode to 600` };
  const file = mode === undefined ? 'a key file is made at the first start' : 'a key file that only its owner reads';
  return { what, state: 'note', found: `${none}: ${file}` };
}

/** Browser mode serves this machine only, over the loopback. */
export function checkLoopback(): Promise<Finding> {
  const what = 'loopback';
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.end('RadDraft'));
    const done = (state: Finding['state'], found: string) => {
      server.close();
      resolve({ what, state, found });
    };
    server.once('error', ({ message }) => done('failed', message));
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const socket = connect(port, '127.0.0.1');
      socket.setTimeout(3000, () => socket.destroy(new Error('no answer within 3 s')));
      let heard = '';
      socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
      socket.once('error', ({ message }) => done('failed', message));
      socket.once('end', () =>
        heard === 'RadDraft' ? done('ok', '127.0.0.1 answers') : done('failed', 'something else answered'),
      );
    });
  });
}

const GB = 1e9;
const LEAST = 1 * GB;
/** About 1,000 films as they come from a detector. */
const COMFORTABLE = 20 * GB;

/** `folder` need not be there yet: then its nearest parent is looked at. */
export function checkFolder(folder: string): Finding[] {
  let place = folder;
  while (!existsSync(place)) place = path.dirname(place);
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const state = free < LEAST ? 'failed' : free < COMFORTABLE ? 'note' : 'ok';
  const share = networkFileSystemOf(place);
  const { database, owner } = layoutOf(folder);
  const there = existsSync(database)
    ? `${folder}${existsSync(owner) ? ', in use' : ''}`
    : `${folder}, made at the first start`;
  return [
    { what: 'data folder', state: 'ok', found: there },
    { what: 'free disk', state, found: `${(free / GB).toFixed(0)} GB where the data folder is` },
    share
      ? { what: 'network share', state: 'failed', found: `the data folder is on one (${share}); name a local folder` }
      : { what: 'network share', state: 'ok', found: 'the data folder is on a local disk' },
  ];
}
