/** Phrases are kept, changed and removed; who may; and the log holds none of their words. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readTemplateFile } from '#backend/templates/templates.ts';
import { peopledStation, signedIn } from './recordsStation.ts';

test('1.1 saved, changed, removed; the log says so without the words', async () => {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  const text = 'FINDINGS:\nThe heart is [normal|enlarged].';
  const when = { modality: 'DX', sex: 'F' as const };
  const made = await api['phrase.save']({ id: null, shortcut: 'heart', name: 'Heart', text, when });
  expect(made).toMatchObject({ shortcut: 'heart', text, login: 'reader', when: { ...when, view: '', ageFrom: null } });
  await api['phrase.save']({ ...made, text: 'Changed words.' });
  expect((await api['phrase.list']({})).map((one) => one.text)).toEqual(['Changed words.']);
  await api['phrase.remove']({ id: made.id });
  expect(await api['phrase.list']({})).toEqual([]);
  await expect(api['phrase.remove']({ id: made.id })).rejects.toMatchObject({ code: 'not-found' });
  await expect(
    api['phrase.save']({ id: null, shortcut: 'Bad shortcut', name: 'x', text: 'x', when: {} }),
  ).rejects.toMatchObject({ code: 'invalid-input' });

  const auditor = (await signedIn(station, 'auditor')).api;
  await expect(
    auditor['phrase.save']({ id: null, shortcut: 'a', name: 'a', text: 'a', when: {} }),
  ).rejects.toMatchObject({ code: 'forbidden' });
  const rows = await auditor['audit.list']({ event: 'phrase.' });
  expect(rows.map(({ event }) => event)).toEqual(['phrase.removed', 'phrase.saved', 'phrase.saved']);
  expect(JSON.stringify(rows)).not.toContain('Changed words');
});

test('1.2 a template file: shown first, then stored with where it is from; the log names the file, not its words', async () => {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  const bytes = new Uint8Array(readFileSync(path.join(import.meta.dirname, 'templates/chest.html')));
  const read = await api['template.read']({ bytes });
  expect(read).toMatchObject({ name: 'Chest radiograph of an adult woman', when: { view: 'PA', sex: 'F' } });
  expect(await api['phrase.list']({})).toEqual([]);

  const { name, shortcut, when, text, source } = read;
  const kept = await api['template.keep']({ bytes, name, shortcut, when });
  expect(kept).toMatchObject({ name, shortcut, when, text, template: source, login: 'reader' });
  const changed = await api['phrase.save']({ id: kept.id, name, shortcut: 'own', when, text: 'My own words.' });
  expect(changed).toMatchObject({
    shortcut: 'own',
    text: 'My own words.',
    template: { publisher: 'Example Hospital' },
  });
  expect(await api['phrase.list']({})).toEqual([changed]);

  const auditor = (await signedIn(station, 'auditor')).api;
  const [row, ...more] = await auditor['audit.list']({ event: 'template.' });
  expect(more).toEqual([]);
  expect(JSON.parse(row?.detail ?? '')).toEqual({
    shortcut,
    characters: text.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    leftOut: 0,
  });
  await expect(auditor['template.read']({ bytes })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(auditor['template.keep']({ bytes, name, shortcut, when })).rejects.toMatchObject({ code: 'forbidden' });
});

test('1.3 what is no template is refused in words, and what holds the reader up is ended', async () => {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  const read = (text: string) => api['template.read']({ bytes: new TextEncoder().encode(text) });
  await expect(read('<html><p>News</p></html>')).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringMatching(
      /^Expected a radiology report template .+, found an HTML page without any\./,
    ) as string,
  });
  await expect(readTemplateFile(new TextEncoder().encode('<html><b>'.padEnd(500_000, '<b x>')), 300)).rejects.toThrow(
    /found one that takes longer than 0.3 s|nested at most 100/,
  );
  expect(await api['phrase.list']({})).toEqual([]);
});
