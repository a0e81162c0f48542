import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { addInstance } from '#backend/db/addInstance.ts';
import { addDraft, keepVersion, markRefused, saveDraft } from '#backend/db/drafts.ts';
import { openStore } from '#backend/db/store.ts';
import { document, draftOfFilm, film, imported, optionsIn, temporary } from './storeSamples.ts';

const secrets = ['Żółkiewska', 'GEHEIM-4711', '山田太郎', 'Windmill', 'ACC-SECRET-9', '19481130'];

/** Every form that a known string could hide in. */
function formsOf(text: string): Buffer[] {
  const utf16 = Buffer.from(text, 'utf16le');
  const bytes = Buffer.from(text, 'utf8');
  const base64 = [0, 1, 2].flatMap((shift) => {
    // What base64 makes of the string at each of the three places that it can begin at, without the mixed ends.
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return [Buffer.from(encoded.slice(Math.ceil((shift * 8) / 6), -1))];
  });
  return [
    bytes,
    Buffer.from(bytes.toString('latin1').toLowerCase(), 'latin1'),
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(bytes.toString('hex')),
    ...base64,
  ];
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

function found(folder: string): string[] {
  return filesUnder(folder).flatMap((file) => {
    const bytes = readFileSync(file);
    return secrets.flatMap((secret) =>
      formsOf(secret).some((form) => bytes.includes(form) || path.basename(file).includes(form.toString('latin1')))
        ? [`${secret} in ${path.basename(file)}`]
        : [],
    );
  });
}

describe('nothing of a patient lies open in the data folder', () => {
  test('1.1 while it is open, in the log, and after closing', async () => {
    const folder = temporary();
    const store = await openStore(optionsIn(folder));
    const film1 = film({
      name: 'Żółkiewska^Anna',
      ideographic: '山田太郎',
      id: 'GEHEIM-4711',
      accession: 'ACC-SECRET-9',
      birthDate: '19481130',
    });
    const { sha256 } = await store.objects.put(Buffer.from(`DICM ${secrets.join(' ')} `.repeat(5000)));
    store.write((write) => addInstance(write, film1, { ...imported, sha256 }));
    store.write((write) => addInstance(write, film1, { ...imported, sha256: 'd'.repeat(64) }));
    store.write((write) => {
      markRefused(write, { study: film1.study.id, reason: 'no frontal film', at: 1, actor: 'reader' });
      addDraft(write, { draft: { ...draftOfFilm(), analysis: null }, notUsed: [], replaces: null, actor: 'reader' });
    });
    for (let revision = 0; revision < 40; revision++)
      store.write((write) =>
        saveDraft(write, {
          draft: draftOfFilm().id,
          revision,
          document: document(`Windmill ${revision}`),
          savedAt: 1,
          actor: 'reader',
        }),
      );
    store.write((write) =>
      keepVersion(write, { draft: draftOfFilm().id, kind: 'saved', createdAt: 1, actor: 'reader' }),
    );

    // By another process: closing a handle of the database here would drop SQLite's locks.
    const open = path.join(folder, 'open');
    execFileSync('cp', ['-r', store.folder.root, open]);
    const names = filesUnder(open).map((file) => path.basename(file));
    expect(names).toEqual(expect.arrayContaining(['raddraft.db', 'raddraft.db-wal', 'raddraft.db-shm']));
    expect(found(open)).toEqual([]);
    expect(filesUnder(open).some((file) => file.includes(sha256.slice(2)))).toBe(false);
    await store.close();
    expect(found(store.folder.root)).toEqual([]);

    // What is random does not shrink: nothing is merely packed.
    const database = readFileSync(store.folder.database);
    expect(new Set(database).size).toBe(256);
    expect(() => inflateSync(database)).toThrow();
  });

  test('1.2 the search finds a string in each of its forms', () => {
    for (const secret of secrets)
      for (const form of formsOf(secret)) expect(Buffer.concat([Buffer.from('..'), form]).includes(form)).toBe(true);
    const wrapped = Buffer.from(Buffer.from('a GEHEIM-4711 b').toString('base64'));
    expect(formsOf('GEHEIM-4711').some((form) => wrapped.includes(form))).toBe(true);
  });
});
