/** From a draft to a signed report: states, the exact text, versions that never change, two windows, late images. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { addInstance } from '#backend/db/addInstance.ts';
import { addDraft, draftOf } from '#backend/db/drafts.ts';
import { openDatabase } from '#backend/db/open.ts';
import { openKeys } from '#backend/files/keys.ts';
import { layoutOf } from '#backend/files/dataFolder.ts';
import { DraftId, JobId, LabelId, StudyId } from '#core/study/ids.ts';
import { analysisOfFilm, film, random } from './storeSamples.ts';
import {
  ADMINISTRATOR,
  draftId,
  goodReport,
  inStore,
  passwordOf,
  peopledStation,
  signedIn,
  signNow,
  storeOptions,
  type Api,
} from './recordsStation.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const study = StudyId.parse('1.2.3');
const code = (wanted: string) => expect.objectContaining({ code: wanted }) as unknown;
const thrown = (promise: Promise<unknown>) => promise.then(() => null).catch((error: unknown) => error);

async function write(api: Api, text?: string): Promise<number> {
  const { revision } = await api['report.status']({ draft: draftId });
  return (await api['draft.save']({ draft: draftId, revision, document: goodReport(text) })).revision;
}

describe('1 signing', () => {
  test('1.1 the exact text that was shown is signed, under its hash, and reopens byte for byte', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    expect((await api['study.list']({})).studies[0]).toMatchObject({ state: 'ai-draft', verify: false });
    await write(api);
    expect((await api['study.list']({})).studies[0]?.state).toBe('in-progress');
    const shown = await api['report.review']({ draft: draftId });
    expect(shown.sha256).toBe(sha256(shown.text));
    expect(shown.text).toContain('Quixano, Alonso');
    expect(shown.text).toContain('Small pleural effusion. No pneumothorax.');
    const status = await signNow(api, 'reader');
    expect(status).toMatchObject({ stage: 'final', amending: null, acts: ['begin-addendum', 'begin-correction'] });
    expect(status.inForce).toMatchObject({
      kind: 'final',
      login: 'reader',
      name: 'Doctor reader',
      sha256: shown.sha256,
    });
    const number = status.inForce?.number ?? 0;
    expect((await api['report.version']({ draft: draftId, number })).text).toBe(shown.text);
    expect((await api['study.list']({})).studies[0]?.state).toBe('final');

    const later = await signedIn(await station.again(), 'auditor');
    const kept = await later.api['report.version']({ draft: draftId, number });
    expect(kept.text).toBe(shown.text);
    expect(kept.version).toEqual(status.inForce);
    expect(sha256(kept.text)).toBe(kept.version.sha256);
  });

  test('1.2 another text than the one shown, another revision, a wrong password: nothing is signed', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    await write(api);
    const { revision, sha256: hash, checks } = await api['report.review']({ draft: draftId });
    const overrides = checks.map(({ check }) => ({ check, reason: 'seen and meant' }));
    const good = { draft: draftId, revision, sha256: hash, password: passwordOf('reader'), overrides };
    expect(await thrown(api['report.sign']({ ...good, sha256: sha256('another') }))).toEqual(code('conflict'));
    expect(await thrown(api['report.sign']({ ...good, revision: revision - 1 }))).toEqual(code('conflict'));
    expect(await thrown(api['report.sign']({ ...good, password: 'not my password' }))).toEqual(code('refused'));
    await write(api, 'Large pleural effusion.');
    expect(await thrown(api['report.sign'](good))).toEqual(code('conflict'));
    expect((await api['report.status']({ draft: draftId })).inForce).toBeNull();
  });

  test('1.3 two windows that saw the same text: one signs, the other is told', async () => {
    const station = await peopledStation();
    const [one, two] = [await signedIn(station, 'reader'), await signedIn(station, 'reader')];
    await write(one.api);
    const outcomes = await Promise.allSettled([signNow(one.api, 'reader'), signNow(two.api, 'reader')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(lost?.reason).toEqual(code('conflict'));
    expect(await one.api['report.versions']({ draft: draftId })).toHaveLength(1);
  });

  test('1.4 what blocks is signed by nobody until an administrator lets it warn; then a reason is needed, and stored', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    const { revision } = await api['report.status']({ draft: draftId });
    const empty = { sections: [{ key: 'findings' as const, paragraphs: [[{ text: 'Clear lungs.', source: null }]] }] };
    await api['draft.save']({ draft: draftId, revision, document: empty });
    const blocked = await api['report.review']({ draft: draftId });
    expect(blocked.checks.map(({ check, level }) => [check, level])).toContainEqual(['empty-impression', 'block']);
    const sign = { draft: draftId, revision: blocked.revision, sha256: blocked.sha256, password: passwordOf('reader') };
    const overrides = blocked.checks.map(({ check }) => ({ check, reason: `because of ${check}` }));
    expect(await thrown(api['report.sign']({ ...sign, overrides: [] }))).toEqual(code('refused'));
    expect(await thrown(api['report.sign']({ ...sign, overrides }))).toEqual(code('refused'));
    expect(await thrown(api['checks.setPolicy'](await api['checks.policy']({})))).toEqual(code('forbidden'));

    const administrator = await signedIn(station, ADMINISTRATOR);
    const policy = await administrator.api['checks.policy']({});
    await administrator.api['checks.setPolicy']({ ...policy, 'empty-impression': 'warn' });
    const shown = await api['report.review']({ draft: draftId });
    expect(shown.checks.map(({ check, level }) => [check, level])).toContainEqual(['empty-impression', 'warn']);
    expect(await thrown(api['report.sign']({ ...sign, overrides: [] }))).toEqual(code('refused'));
    const { inForce } = await api['report.sign']({ ...sign, overrides });
    const number = inForce?.number ?? 0;
    const kept = await api['report.version']({ draft: draftId, number });
    expect(kept.version.overrides.map(({ reason }) => reason)).toContain('because of empty-impression');
    expect(kept.checks).toEqual(shown.checks);
    const auditor = await signedIn(station, 'auditor');
    const rows = await auditor.api['audit.list']({ event: 'check.overridden' });
    expect(rows.map(({ detail }) => detail).join()).toContain('"check":"empty-impression"');
    expect(rows.map(({ detail }) => detail).join()).not.toContain('because of');
    const decided = await auditor.api['audit.list']({ event: 'policy.changed' });
    expect(decided.map(({ actor, subject }) => [actor, subject])).toContainEqual([ADMINISTRATOR, 'checks']);
  });

  test('1.5 an administrator decides what blocks and what warns', async () => {
    const station = await peopledStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const policy = await chief.api['checks.policy']({});
    await chief.api['checks.setPolicy']({ ...policy, 'empty-impression': 'warn' });
    const { api } = await signedIn(station, 'reader');
    expect((await api['checks.policy']({}))['empty-impression']).toBe('warn');
  });

  test('1.6 findings: seen, accepted, rejected; the newest counts; how many nobody looked at is signed along', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    await write(api);
    const analysis = analysisOfFilm().id;
    const label = LabelId.parse('effusion');
    expect((await api['report.review']({ draft: draftId })).findingsNotLookedAt).toBe(1);
    await api['finding.judge']({ analysis, label, verdict: 'seen', note: '' });
    await api['finding.judge']({ analysis, label, verdict: 'rejected', note: 'a skin fold' });
    await api['finding.judge']({ analysis, label, verdict: 'seen', note: '' });
    const verdicts = await api['finding.verdicts']({ analysis });
    expect(verdicts.map(({ verdict, note, login }) => [verdict, note, login])).toEqual([
      ['seen', '', 'reader'],
      ['rejected', 'a skin fold', 'reader'],
    ]);
    expect((await api['report.review']({ draft: draftId })).findingsNotLookedAt).toBe(0);
    expect((await signNow(api, 'reader')).inForce?.findingsNotLookedAt).toBe(0);
    expect(
      await thrown(api['finding.judge']({ analysis, label: LabelId.parse('nothing'), verdict: 'seen', note: '' })),
    ).toEqual(code('not-found'));
  });

  test.each([
    ['left', 'left', false],
    ['left', 'right', true],
    ['bilateral', 'right', false],
  ] as const)('1.5 a region measured on the %s, the text says %s: said %s', async (measured, written, said) => {
    const station = await peopledStation();
    await station.close();
    await inStore(station.folder, (store) => {
      const old = draftOf(store.read, study);
      const region = analysisOfFilm().findings[0]?.region;
      const [source] = old?.sources ?? [];
      if (!old || !region || !source) throw new Error('expected a draft with a region');
      const place = { side: measured, zones: [], depth: null, extent: null };
      const evidence = [
        { kind: 'region' as const, label: LabelId.parse('effusion'), region, basis: 'mask' as const, place },
      ];
      const draft = { ...old, id: DraftId.parse('draft-placed'), revision: 0, sources: [{ ...source, evidence }] };
      const replaces = { draft: old.id, revision: old.revision };
      store.write((write) => addDraft(write, { draft, notUsed: [], replaces, actor: 'maker' }));
    });
    const { api } = await signedIn(await station.again(), 'reader');
    const view = await api['draft.open']({ study });
    if (!view) throw new Error('expected a draft');
    const { id, revision } = view.draft;
    await api['draft.save']({ draft: id, revision, document: goodReport(`Small ${written} pleural effusion.`) });
    const { checks } = await api['report.review']({ draft: id });
    const sides = checks.filter(({ check }) => check === 'laterality').map(({ message }) => message);
    expect(sides).toEqual(
      said ? ['The region of pleural effusion lies on the patient’s left, the text says right.'] : [],
    );
  });
});

test('1.7 a draft on whose findings somebody decided is not replaced by another one, though its text is untouched', async () => {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  const before = await api['draft.open']({ study });
  expect(before?.draft.revision).toBe(0);
  const judged = { analysis: analysisOfFilm().id, label: LabelId.parse('effusion'), note: '' };
  await api['finding.judge']({ ...judged, verdict: 'accepted' });
  expect(await thrown(api['draft.make']({ job: JobId.parse('job'), study }))).toEqual(
    expect.objectContaining({ code: 'conflict', message: expect.stringMatching(/in progress/) as unknown }),
  );
  expect((await api['draft.open']({ study }))?.draft.id).toBe(before?.draft.id);
});

test('1.8 a text that stands against a decision is said before signing, until one follows the other', async () => {
  const { api } = await signedIn(await peopledStation(), 'reader');
  const judged = { analysis: analysisOfFilm().id, label: LabelId.parse('effusion'), note: '' };
  const raised = async () =>
    (await api['report.review']({ draft: draftId })).checks.filter(({ check }) => check === 'against-decision');
  const first = await api['draft.save']({ draft: draftId, revision: 0, document: goodReport('Pleural effusion.') });
  await api['finding.judge']({ ...judged, verdict: 'accepted' });
  expect(await raised()).toEqual([]);
  await api['finding.judge']({ ...judged, verdict: 'rejected' });
  expect(await raised()).toMatchObject([
    {
      level: 'warn',
      label: 'effusion',
      message: expect.stringMatching(/effusion was rejected, and the text still/i) as unknown,
    },
  ]);
  const { sections } = goodReport('No pleural effusion.');
  const document = { sections: sections.filter(({ key }) => key !== 'impression') };
  await api['draft.save']({ draft: draftId, revision: first.revision, document });
  expect(await raised()).toEqual([]);
});

describe('2 after signing', () => {
  test('2.0 no finding is judged on a signed, amended or discarded report; in a correction it is', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    const begun = await write(api);
    const analysis = analysisOfFilm().id;
    const judge = (verdict: 'seen' | 'accepted' | 'rejected') =>
      api['finding.judge']({ analysis, label: LabelId.parse('effusion'), verdict, note: '' });
    const shown = await api['report.review']({ draft: draftId });
    await api['report.preliminary']({ draft: draftId, revision: begun, sha256: shown.sha256 });
    await judge('accepted');
    await signNow(api, 'reader');
    expect(await thrown(judge('rejected'))).toEqual(code('conflict'));
    expect((await judge('seen')).verdict).toBe('accepted');
    let { revision } = await api['report.status']({ draft: draftId });
    ({ revision } = await api['report.addendum']({ draft: draftId, revision }));
    expect(await thrown(judge('rejected'))).toEqual(code('conflict'));
    ({ revision } = await api['report.discard']({ draft: draftId, revision, reason: 'not needed' }));
    await api['report.correct']({ draft: draftId, revision, reason: 'a skin fold' });
    await judge('rejected');
    await signNow(api, 'reader');
    expect(await thrown(judge('accepted'))).toEqual(code('conflict'));
    expect((await api['finding.verdicts']({ analysis })).map(({ verdict }) => verdict)).toEqual([
      'accepted',
      'rejected',
    ]);
  });

  test('2.1 the text never changes in place: not by the call, not by SQL', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    await write(api);
    await signNow(api, 'reader');
    expect(await thrown(write(api, 'Something else.'))).toEqual(code('conflict'));
    await station.close();
    const { dataFolder, machineSecret } = storeOptions(station.folder);
    const layout = layoutOf(dataFolder);
    const database = openDatabase(layout.database, openKeys(layout.keys, machineSecret, random, false).database);
    for (const sql of [
      `UPDATE drafts SET document = '{"sections":[]}'`,
      `UPDATE drafts SET stage = 'in-progress'`,
      `UPDATE releases SET text = 'x'`,
      `UPDATE draft_versions SET document = 'x'`,
      'DELETE FROM releases',
      'DELETE FROM draft_versions',
      'DELETE FROM people',
      `UPDATE people SET login = 'other'`,
    ])
      expect(() => database.exec(sql), sql).toThrow(/never|stays|keeps/);
    database.close();
  });

  test('2.2 an addendum stands below the signed text, which stays as it was', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    await write(api);
    const first = await signNow(api, 'reader');
    let status = await api['report.addendum']({ draft: draftId, revision: first.revision });
    expect(status).toMatchObject({ stage: 'final', amending: 'addendum' });
    expect(await thrown(signNow(api, 'reader'))).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/text of the addendum/) as string,
    });
    await api['report.saveAddendum']({ draft: draftId, revision: status.revision, text: 'Also a healed rib.' });
    expect(await thrown(write(api, 'Other text.'))).toEqual(code('conflict'));
    status = await signNow(api, 'reader');
    expect(status).toMatchObject({ stage: 'addendum', amending: null, addendum: '' });
    const [before, after] = await Promise.all(
      [first, status].map(({ inForce }) => api['report.version']({ draft: draftId, number: inForce?.number ?? 0 })),
    );
    expect(after?.text.startsWith(before?.text ?? '?')).toBe(true);
    expect(after?.text).toContain('ADDENDUM 1\nAlso a healed rib.');

    const second = await api['report.addendum']({ draft: draftId, revision: status.revision });
    await api['report.saveAddendum']({ draft: draftId, revision: second.revision, text: 'And ___ no fracture.' });
    const { checks } = await api['report.review']({ draft: draftId });
    expect(checks.map(({ check }) => check)).toEqual(['unfilled']);
    const { revision } = await api['report.status']({ draft: draftId });
    await api['report.saveAddendum']({ draft: draftId, revision, text: 'And no fracture.' });
    const { text } = await api['report.review']({ draft: draftId });
    const standing = await api['report.status']({ draft: draftId });
    await api['report.discard']({ draft: draftId, revision: standing.revision, reason: 'not needed' });
    const last = (await api['draft.versions']({ draft: draftId })).at(-1);
    const kept = await api['draft.version']({ draft: draftId, number: last?.number ?? 0 });
    expect(JSON.stringify(kept.document)).toContain('And no fracture.');
    expect(text).toMatch(/ADDENDUM 1 \(Doctor reader, .* UTC\)\nAlso a healed rib\.\n\nADDENDUM 2\nAnd no fracture\./);
  });

  test('2.3 a correction says what it replaces and why; discarded, the signed text stands again', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    await write(api);
    const first = await signNow(api, 'reader');
    const signed = (await api['draft.open']({ study }))?.draft.document;
    const correct = { draft: draftId, reason: 'wrong side' };
    const begun = await api['report.correct']({ ...correct, revision: first.revision });
    await api['draft.save']({ draft: draftId, revision: begun.revision, document: goodReport('Nothing at all.') });
    await api['report.discard']({ draft: draftId, revision: begun.revision + 1, reason: 'not needed' });
    expect((await api['draft.open']({ study }))?.draft.document).toEqual(signed);
    expect(await api['report.status']({ draft: draftId })).toMatchObject({ stage: 'final', amending: null });
    const kept = await api['draft.versions']({ draft: draftId });
    expect(kept.at(-1)?.kind).toBe('saved');

    const again = await api['report.correct']({ ...correct, revision: begun.revision + 2 });
    await api['draft.save']({
      draft: draftId,
      revision: again.revision,
      document: goodReport('Small right effusion.'),
    });
    const { text } = await api['report.review']({ draft: draftId });
    expect(text).toMatch(/Corrected report\. It replaces version \d+ of .* UTC\. Reason: wrong side/);
    expect(await signNow(api, 'reader')).toMatchObject({
      stage: 'corrected',
      inForce: { kind: 'corrected', reason: 'wrong side' },
    });
    expect((await api['report.versions']({ draft: draftId })).map(({ kind }) => kind)).toEqual(['final', 'corrected']);
  });

  test('2.4 preliminary, edited, signed; discarded, its text is kept and a new draft may be made', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    await write(api);
    const { revision, sha256: hash } = await api['report.review']({ draft: draftId });
    const released = await api['report.preliminary']({ draft: draftId, revision, sha256: hash });
    expect(released).toMatchObject({ stage: 'preliminary', inForce: { kind: 'preliminary', sha256: hash } });
    await write(api, 'Moderate pleural effusion.');
    expect((await api['report.status']({ draft: draftId })).stage).toBe('in-progress');
    const now = await api['report.status']({ draft: draftId });
    const gone = await api['report.discard']({ draft: draftId, revision: now.revision, reason: 'wrong patient' });
    expect(gone).toMatchObject({ stage: 'discarded', acts: [] });
    expect((await api['draft.versions']({ draft: draftId })).at(-1)).toMatchObject({ kind: 'saved' });
    expect(await thrown(write(api))).toEqual(code('conflict'));
    expect((await api['study.list']({})).studies[0]?.state).toBe('discarded');
    expect(await api['report.earlier']({ study })).toEqual([]);
    const texts = await api['draft.versions']({ draft: draftId });
    await station.close();
    await inStore(station.folder, (store) => {
      const old = draftOf(store.read, study);
      if (!old) throw new Error('expected the discarded report');
      const draft = { ...old, id: DraftId.parse('8b7f2f7e-0000-4000-8000-000000000002'), revision: 0 };
      const replaces = { draft: old.id, revision: old.revision };
      store.write((write) => addDraft(write, { draft, notUsed: [], replaces, actor: 'reader' }));
    });
    const again = await signedIn(await station.again(), 'auditor');
    expect(await again.api['report.earlier']({ study })).toEqual([
      { draft: draftId, stage: 'discarded', versions: texts },
    ]);
    const last = texts.at(-1)?.number ?? 0;
    const { document } = await again.api['draft.version']({ draft: draftId, number: last });
    expect(JSON.stringify(document)).toContain('Moderate pleural effusion.');
  });

  test('2.5 images that come after signing ask for the report to be verified', async () => {
    const station = await peopledStation();
    const reader = await signedIn(station, 'reader');
    await write(reader.api);
    await signNow(reader.api, 'reader');
    await station.close();
    await inStore(station.folder, (store) => {
      const by = { importedAt: 5, actor: 'maker', sha256: 'b'.repeat(64) };
      store.write((write) => addInstance(write, film({ instance: '1.2.3.1.2', number: 2 }), by));
      expect(store.audit.list({ limit: 9, event: 'report.late-image' })).toHaveLength(1);
    });
    const { api } = await signedIn(await station.again(), 'reader');
    expect((await api['study.list']({})).studies[0]).toMatchObject({ state: 'final', verify: true });
    expect((await api['report.status']({ draft: draftId })).lateImages).toBe(1);
    // One more image that the person was not told of is not verified along with the first.
    expect(await thrown(api['report.stands']({ draft: draftId, lateImages: 2 }))).toEqual(code('conflict'));
    expect((await api['report.stands']({ draft: draftId, lateImages: 1 })).lateImages).toBe(0);
    expect(await thrown(api['report.stands']({ draft: draftId, lateImages: 1 }))).toEqual(code('conflict'));
    expect((await api['study.list']({})).studies[0]?.verify).toBe(false);
  });

  test('2.6 printed and exported: the signed text, with the head of the log, and a row', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    await write(api);
    const number = (await signNow(api, 'reader')).inForce?.number ?? 0;
    const { text } = await api['report.version']({ draft: draftId, number });
    const printed = await api['report.output']({ draft: draftId, number, purpose: 'print' });
    expect(printed.text).toBe(text);
    const auditor = await signedIn(station, 'auditor');
    const [row] = await auditor.api['audit.list']({ event: 'report.printed' });
    expect(row).toMatchObject({ actor: 'reader', subject: draftId, seq: printed.head.seq, hash: printed.head.hash });
  });
});
