/** How long it takes to verify a log: `node tests/drive/million.ts [ROWS]`, a million unless said otherwise. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { appendAfter } from '#backend/db/audit.ts';
import { openStore } from '#backend/db/store.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-million-'));
const store = await openStore({
  dataFolder: path.join(folder, 'data'),
  machineSecret: { kind: 'file', path: path.join(folder, 'machine.key') },
  now: () => Date.now(),
  random: (bytes) => randomBytes(bytes),
  program: 'the measurement',
});
try {
  const made = performance.now();
  let head = store.audit.head();
  for (let done = 0; done < rows; done += 10_000)
    store.write((write) => {
      for (let n = done; n < Math.min(done + 10_000, rows); n++)
        head = appendAfter(write, head, {
          at: 1_767_600_000_000 + n,
          actor: 'reader',
          event: 'draft.saved',
          subject: '5f0c7f0e-9f53-4f4b-9a3f-6f3b1b1d0c11',
          detail: { revision: n, characters: 812 },
        });
    });
  console.log(`${rows} rows written in ${((performance.now() - made) / 1000).toFixed(1)} s`);
  for (let round = 0; round < 3; round++) {
    const began = performance.now();
    const before = process.cpuUsage();
    const verdict = await store.audit.verify();
    const { user, system } = process.cpuUsage(before);
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    console.log(
      `verified in ${seconds} s (${((user + system) / 1e6).toFixed(2)} s of a core): ${JSON.stringify(verdict)}`,
    );
  }
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}
