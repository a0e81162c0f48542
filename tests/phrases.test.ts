/** Phrases are kept, changed and removed; who may; and the log holds none of their words. */
import { expect, test } from 'vitest';
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
