/** Critical results: written down, told, withdrawn, overdue; and what signing says while one is open. */
import { describe, expect, test } from 'vitest';
import { dueAt, standingOf } from '#core/desk/critical.ts';
import { StudyId } from '#core/study/ids.ts';
import { draftId, peopledStation, signedIn, signNow, goodReport } from './recordsStation.ts';

const study = StudyId.parse('1.2.3');
const told = {
  reached: true,
  by: 'Doctor reader',
  to: 'Nurse Panza, ward 3',
  how: 'telephone' as const,
  readBack: true,
};

async function place() {
  const now = () => Date.now();
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  const found = (finding = 'Tension pneumothorax') =>
    api['critical.found']({ study, draft: draftId, finding, urgency: 'now', foundAt: now() });
  return { station, api, now, found };
}

describe('1 from finding to telling', () => {
  test('1.1 what, when, who told whom, when and how are kept, and never changed', async () => {
    const { api, found, now } = await place();
    const { id } = await found();
    const happenedAt = now();
    const after = await api['critical.tell']({ critical: id, ...told, happenedAt, note: 'Will come at once.' });
    expect(after).toMatchObject({ finding: 'Tension pneumothorax', urgency: 'now', login: 'reader', draft: draftId });
    expect(after.steps).toMatchObject([
      {
        kind: 'told',
        by: told.by,
        to: told.to,
        how: 'telephone',
        readBack: true,
        note: 'Will come at once.',
        happenedAt,
      },
    ]);
    await expect(api['critical.tell']({ critical: id, ...told, happenedAt })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await api['critical.of']({ study })).toEqual([after]);
  });

  test('1.2 nobody was reached: it stays open; withdrawn with a reason: it is closed', async () => {
    const { api, found, now } = await place();
    const { id } = await found();
    await api['critical.tell']({ critical: id, ...told, reached: false, happenedAt: now() });
    expect(await api['critical.list']({})).toHaveLength(1);
    await api['critical.withdraw']({ critical: id, reason: 'known since last week' });
    expect(await api['critical.list']({})).toEqual([]);
    const [item] = await api['critical.list']({ open: false });
    expect(item?.critical.steps.map(({ kind }) => kind)).toEqual(['tried', 'withdrawn']);
  });

  test('1.3 a time to come, or one before it was found, is refused', async () => {
    const { api, found, now } = await place();
    await expect(
      api['critical.found']({ study, finding: 'Free air', urgency: 'now', foundAt: now() + 3_600_000 }),
    ).rejects.toMatchObject({ code: 'invalid-input' });
    const { id, foundAt } = await found();
    await expect(api['critical.tell']({ critical: id, ...told, happenedAt: foundAt - 60_000 })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });
});

describe('2 in time', () => {
  test('2.1 open, overdue, told in time, told late', async () => {
    const { api, found, now } = await place();
    const critical = await found();
    const due = dueAt(critical);
    expect(due - critical.foundAt).toBe(3_600_000);
    expect([standingOf(critical, due), standingOf(critical, due + 1)]).toEqual(['open', 'overdue']);
    const after = await api['critical.tell']({ critical: critical.id, ...told, happenedAt: now() });
    expect(standingOf(after, due + 1)).toBe('told');
    const late = after.steps.map((step) => ({ ...step, happenedAt: due + 1 }));
    expect(standingOf({ ...after, steps: late }, due + 2)).toBe('late');
  });

  test('2.2 the list has what is due first in front, whatever was found first', async () => {
    const { api, found, now } = await place();
    await api['critical.found']({ study, finding: 'Growing nodule', urgency: 'soon', foundAt: now() });
    await found('Free air');
    const list = await api['critical.list']({});
    expect(list.map(({ critical: { finding } }) => finding)).toEqual(['Free air', 'Growing nodule']);
    expect(list[0]?.patient.name.alphabetic).toBe('Quixano^Alonso');
  });
});

describe('3 signing', () => {
  test('3.1 signing while one is open is a row of the log; told before, it is none', async () => {
    for (const open of [true, false]) {
      const { api, station, found, now } = await place();
      const { id } = await found();
      if (!open) await api['critical.tell']({ critical: id, ...told, happenedAt: now() });
      await api['draft.save']({ draft: draftId, revision: 0, document: goodReport() });
      await signNow(api, 'reader');
      const auditor = (await signedIn(station, 'auditor')).api;
      const rows = await auditor['audit.list']({ subject: draftId });
      expect(rows.some(({ event }) => event === 'critical.signed-over')).toBe(open);
      const log = JSON.stringify(await auditor['audit.list']({ limit: 1000 }));
      for (const secret of ['Panza', 'Tension', 'ward 3']) expect(log).not.toContain(secret);
    }
  });

  test('3.2 it is a check: it warns until an administrator lets it block; who was told is no reason any more', async () => {
    const { api, station, found, now } = await place();
    const { id } = await found();
    await api['draft.save']({ draft: draftId, revision: 0, document: goodReport() });
    const raised = async () =>
      (await api['report.review']({ draft: draftId })).checks.filter(({ check }) => check === 'critical-open');
    expect(await raised()).toMatchObject([
      { level: 'warn', message: 'Nobody was told of it yet: Tension pneumothorax.' },
    ]);
    const chief = (await signedIn(station, 'chief')).api;
    await chief['checks.setPolicy']({ ...(await chief['checks.policy']({})), 'critical-open': 'block' });
    expect(await raised()).toMatchObject([{ level: 'block' }]);
    await expect(signNow(api, 'reader')).rejects.toMatchObject({ code: 'refused' });
    await api['critical.tell']({ critical: id, ...told, happenedAt: now() });
    expect(await raised()).toEqual([]);
    expect((await signNow(api, 'reader')).stage).toBe('final');
    // What is found after it was signed speaks against an addendum too.
    const { revision } = await api['report.addendum']({
      draft: draftId,
      revision: (await api['report.review']({ draft: draftId })).revision,
    });
    await api['report.saveAddendum']({ draft: draftId, revision, text: 'Seen again.' });
    await found('Free air');
    expect(await raised()).toMatchObject([{ message: 'Nobody was told of it yet: Free air.' }]);
  });

  test('3.3 the auditor reads them and writes none; an administrator does neither', async () => {
    const { station, found } = await place();
    const { id } = await found();
    const auditor = (await signedIn(station, 'auditor')).api;
    expect(await auditor['critical.list']({})).toHaveLength(1);
    await expect(auditor['critical.withdraw']({ critical: id, reason: 'because' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const chief = (await signedIn(station, 'chief')).api;
    await expect(chief['critical.list']({})).rejects.toMatchObject({ code: 'forbidden' });
  });
});
