/** The spelling check as the window asks it: unknown words, suggestions, the words that people add, and who may. */
import { expect, test } from 'vitest';
import { ADMINISTRATOR, peopledStation, signedIn } from '../recordsStation.ts';

test('1.1 words of reports are known, in either spelling; misspelt ones are not, and have suggestions', async () => {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  const good =
    'The cardiomediastinal silhouette is unremarkable No pneumothoraces Osteophytes oedema haemorrhage tumour colour centre visualised visualized Kerley perihilar bronchovascular Bochdalek patient’s reidentified nonobstructing';
  expect(await api['spelling.check']({ words: good.split(' ') })).toEqual({ unknown: [] });
  const bad = ['pnuemothorax', 'Effussion', 'cardiomegly', 'teh', 'atelectsis', 'consolidaton'];
  expect(await api['spelling.check']({ words: [...bad, 'lungs'] })).toEqual({ unknown: bad });
  const first = async (word: string) => (await api['spelling.suggest']({ word })).words[0];
  expect(await Promise.all(bad.map(first))).toEqual([
    'pneumothorax',
    'Effusion',
    'cardiomegaly',
    'the',
    'atelectasis',
    'consolidation',
  ]);
  await expect((await signedIn(station, 'auditor')).api['spelling.check']({ words: [] })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('1.2 a word is added for oneself, by the administrator for all; the log has no word', async () => {
  const station = await peopledStation();
  const mine = (await signedIn(station, 'reader')).api;
  const admin = (await signedIn(station, ADMINISTRATOR)).api;
  const unknown = async () => (await mine['spelling.check']({ words: ['Quixotomy', 'Windmillitis'] })).unknown;
  expect(await unknown()).toEqual(['Quixotomy', 'Windmillitis']);
  await mine['word.add']({ word: 'Quixotomy' });
  await mine['word.add']({ word: 'quixotomy' });
  expect(await unknown()).toEqual(['Windmillitis']);
  expect((await mine['spelling.suggest']({ word: 'quixotmy' })).words).toContain('quixotomy');
  await admin['word.share']({ word: 'windmillitis' });
  expect(await unknown()).toEqual([]);
  expect((await mine['word.list']({})).map(({ word, shared }) => [word, shared])).toEqual([
    ['quixotomy', false],
    ['windmillitis', true],
  ]);
  expect((await admin['word.list']({})).map(({ word }) => word)).toEqual(['windmillitis']);
  await mine['word.remove']({ word: 'quixotomy' });
  await admin['word.unshare']({ word: 'windmillitis' });
  expect(await unknown()).toEqual(['Quixotomy', 'Windmillitis']);

  await expect(mine['word.share']({ word: 'mine' })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(mine['word.add']({ word: 'two words' })).rejects.toMatchObject({ code: 'invalid-input' });
  const rows = await (await signedIn(station, 'auditor')).api['audit.list']({ event: 'word.' });
  expect(rows.map(({ event }) => event)).toEqual(['word.removed', 'word.removed', 'word.added', 'word.added']);
  expect(JSON.stringify(rows).toLowerCase()).not.toMatch(/quixotomy|windmillitis/);
});
