/** A second program on a data folder: `hold` keeps it open, `save` saves until it is killed, telling each revision. */
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import path from 'node:path';
import { draftById, keepVersion, saveDraft } from '#backend/db/drafts.ts';
import { openStore } from '#backend/db/store.ts';
import { DraftId } from '#core/study/ids.ts';

const [, , mode = '', folder = ''] = process.argv;
const store = await openStore({
  dataFolder: path.join(folder, 'data'),
  machineSecret: { kind: 'file', path: path.join(folder, 'config', 'machine.key') },
  now: () => Date.now(),
  random: (bytes) => randomBytes(bytes),
  program: 'the other program',
});

if (mode === 'hold') {
  writeSync(1, 'open\n');
  setInterval(() => undefined, 1000);
}

if (mode === 'save') {
  const draft = DraftId.parse('draft-1');
  let revision = draftById(store.read, draft)?.revision ?? 0;
  for (;;) {
    const text = `Text of revision ${revision + 1}. ${'x'.repeat((revision * 37) % 3000)}`;
    revision = store.write((write) =>
      saveDraft(write, {
        draft,
        revision,
        document: { sections: [{ key: 'findings', paragraphs: [[{ text, source: null }]] }] },
        savedAt: Date.now(),
        actor: 'reader',
      }),
    );
    writeSync(1, `${revision}\n`);
    if (revision % 7 === 0)
      store.write((write) => keepVersion(write, { draft, kind: 'saved', createdAt: Date.now(), actor: 'reader' }));
  }
}
