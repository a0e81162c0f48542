/** What can be undone is stored with the text, for whom typed it alone, unreadable on the disk, and gone with a signature. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AnalysisId, LabelId, StudyId } from '#core/study/ids.ts';
import { draftId, goodReport, peopledStation, signedIn, signNow, type Api } from './recordsStation.ts';

const study = StudyId.parse('1.2.3');
const UNDO = JSON.stringify({ taken: 'Zebraword that was typed and taken back' });

async function save(api: Api, undo: string | null, text?: string): Promise<void> {
  const { revision } = await api['report.status']({ draft: draftId });
  await api['draft.save']({ draft: draftId, revision, document: goodReport(text), undo });
}
const undoSeenBy = async (api: Api) => (await api['draft.open']({ study }))?.undo;
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());

test('1.1 it comes back to the person who typed, after a restart, and to nobody else', async () => {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  await save(api, UNDO);
  expect(await undoSeenBy(api)).toBe(UNDO);
  await station.close();
  const again = await station.again();
  expect(await undoSeenBy((await signedIn(again, 'reader')).api)).toBe(UNDO);
  expect(await undoSeenBy((await signedIn(again, 'auditor')).api)).toBeNull();
});

test('1.2 a save without it, a refused save and a signature: none is left, or the one before', async () => {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  await save(api, UNDO);
  const stale = api['draft.save']({ draft: draftId, revision: 0, document: goodReport('Another.'), undo: 'other' });
  await expect(stale).rejects.toMatchObject({ code: 'conflict' });
  expect(await undoSeenBy(api)).toBe(UNDO);
  await save(api, null);
  expect(await undoSeenBy(api)).toBeNull();
  await save(api, UNDO);
  await signNow(api, 'reader');
  expect(await undoSeenBy(api)).toBeNull();
});

test('1.3 nothing of it can be read on the disk; one that is too long is refused and the text before it stands', async () => {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  await save(api, UNDO);
  const { revision } = await api['report.status']({ draft: draftId });
  const long = { draft: draftId, revision, document: goodReport(), undo: 'x'.repeat(262_145) };
  await expect(api['draft.save'](long)).rejects.toMatchObject({ code: 'invalid-input' });
  expect(await undoSeenBy(api)).toBe(UNDO);
  const files = filesIn(station.folder);
  expect(files.length).toBeGreaterThan(2);
  for (const encoding of ['utf8', 'utf16le'] as const) {
    const wanted = Buffer.from('Zebraword', encoding);
    expect(files.filter((file) => readFileSync(file).includes(wanted))).toEqual([]);
  }
});

test('2.1 what a reader states of a finding is kept with who, when and why; the log holds no word of it', async () => {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  const analysis = (await api['draft.open']({ study }))?.analysis?.id ?? AnalysisId.parse('none');
  const said = { analysis, label: LabelId.parse('effusion'), verdict: 'modified' as const, note: 'lateral view' };
  await api['finding.judge']({ ...said, stated: 'Small zebraword on the right.' });
  await api['finding.judge']({ ...said, stated: 'Large zebraword on the right.' });
  expect((await api['finding.verdicts']({ analysis })).map(({ stated, note, login }) => [stated, note, login])).toEqual(
    [
      ['Small zebraword on the right.', 'lateral view', 'reader'],
      ['Large zebraword on the right.', 'lateral view', 'reader'],
    ],
  );
  const auditor = (await signedIn(station, 'auditor')).api;
  const { fates } = await auditor['desk.report']({ draft: draftId });
  expect(fates.find(({ label }) => label === 'effusion')?.verdict).toMatchObject({
    verdict: 'modified',
    stated: 'Large zebraword on the right.',
  });
  const rows = await auditor['audit.list']({ event: 'finding.modified' });
  expect(rows).toHaveLength(2);
  expect(JSON.stringify(rows)).not.toContain('zebraword');
});
