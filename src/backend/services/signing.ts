/** `report.*`, `checks.*`, `finding.*`: from a draft to a signed report, and what readers think of findings. */
import { AppError } from '#contract/errors.ts';
import type { Override, RaisedCheck, ReportStatus } from '#core/report/signing.ts';
import type { DraftId, StudyId } from '#core/study/ids.ts';
import { analysisStudyOf } from '../db/analyses.ts';
import { append } from '../db/audit.ts';
import { openCount } from '../db/critical.ts';
import { draftById, versions } from '../db/drafts.ts';
import { checkPolicy, setCheckPolicy } from '../db/policies.ts';
import * as db from '../db/reports.ts';
import { forgetFailures } from '../db/people.ts';
import { allowed } from '../db/standing.ts';
import { addVerdict, verdictsOf } from '../db/verdicts.ts';
import { headText } from './auditing.ts';
import { callingPerson } from './calling.ts';
import { raisedChecks } from './checking.ts';
import type { Area, Services } from './context.ts';
import type { People } from './people.ts';

type Calls = Area<
  | 'report.status'
  | 'report.review'
  | 'report.preliminary'
  | 'report.sign'
  | 'report.addendum'
  | 'report.saveAddendum'
  | 'report.correct'
  | 'report.discard'
  | 'report.stands'
  | 'report.versions'
  | 'report.version'
  | 'report.earlier'
  | 'report.output'
  | 'checks.policy'
  | 'checks.setPolicy'
  | 'finding.judge'
  | 'finding.verdicts'
>;

export function signingCalls(services: Services, people: Pick<People, 'prove'>): Calls {
  const { store, now, broadcast, journal } = services;
  const by = () => ({ at: now(), actor: services.actor });

  /** Tells every window what became of the report, and answers with it. */
  function changed(draft: DraftId): ReportStatus {
    const status = db.statusOf(store.read, draft);
    const { study } = known(draft);
    const { revision } = status;
    broadcast('report.changed', { study, draft, revision });
    broadcast('draft.changed', { study, draft, revision });
    broadcast('study.changed', { study });
    return status;
  }

  function known(draft: DraftId): { study: StudyId } {
    const stored = draftById(store.read, draft);
    if (!stored) throw new AppError('not-found', 'Expected a stored report, found none under this id.');
    return stored;
  }

  const review = (draft: DraftId) => ({
    ...db.textToSign(store.read, draft),
    ...raisedChecks(store.read, draft),
  });

  return {
    'report.status': async ({ draft }) => db.statusOf(store.read, draft),
    'report.review': async ({ draft }) => review(draft),
    'report.preliminary': async ({ draft, revision, sha256 }) => {
      const { checks, findingsNotLookedAt: notLookedAt } = raisedChecks(store.read, draft);
      const person = callingPerson();
      const release = { ...by(), draft, revision, sha256, act: 'preliminary' as const, person };
      store.write((write) => db.release(write, { ...release, checks, overrides: [], notLookedAt }));
      return changed(draft);
    },
    'report.sign': async ({ draft, revision, sha256, password, overrides }) => {
      const { person } = await people.prove(callingPerson().id, password, 'report.sign');
      allowed(store.read, { draft, revision }, 'sign');
      const { checks, findingsNotLookedAt: notLookedAt } = raisedChecks(store.read, draft);
      const reasons = requireReasons(checks, overrides);
      const release = { ...by(), draft, revision, sha256, act: 'sign' as const, person };
      store.write((write) => {
        forgetFailures(write, person.id);
        db.release(write, { ...release, checks, overrides: reasons, notLookedAt });
        const open = openCount(write, known(draft).study);
        if (open > 0) append(write, { ...by(), event: 'critical.signed-over', subject: draft, detail: { open } });
      });
      return changed(draft);
    },
    'report.addendum': async ({ draft, revision }) => {
      store.write((write) => db.beginAmendment(write, { ...by(), draft, revision }, 'addendum', ''));
      return changed(draft);
    },
    'report.saveAddendum': async ({ draft, revision, text }) => {
      const act = { ...by(), draft, revision };
      const next = store.write((write) => db.saveAddendum(write, act, text));
      broadcast('report.changed', { ...known(draft), draft, revision: next });
      return { revision: next, savedAt: act.at };
    },
    'report.correct': async ({ draft, revision, reason }) => {
      store.write((write) => db.beginAmendment(write, { ...by(), draft, revision }, 'correction', reason));
      return changed(draft);
    },
    'report.discard': async ({ draft, revision, reason }) => {
      store.write((write) => db.discard(write, { ...by(), draft, revision }, reason));
      return changed(draft);
    },
    'report.stands': async ({ draft, lateImages }) => {
      store.write((write) => db.reportStands(write, { ...by(), draft, lateImages }));
      return changed(draft);
    },
    'report.versions': async ({ draft }) => db.releasesOf(store.read, draft),
    'report.version': async ({ draft, number }) => db.releaseOf(store.read, draft, number),
    'report.earlier': async ({ study }) =>
      db.earlierReports(store.read, study).map((one) => ({ ...one, versions: versions(store.read, one.draft) })),
    'report.output': async ({ draft, number, purpose }) => {
      const event = purpose === 'print' ? 'report.printed' : 'report.exported';
      const released = number === null ? null : db.releaseOf(store.read, draft, number);
      const { text, sha256 } = released
        ? { text: released.text, sha256: released.version.sha256 }
        : db.textToSign(store.read, draft);
      const { stage } = db.statusOf(store.read, draft);
      journal.note({ ...by(), event, subject: draft, detail: { number, sha256, ...(released ? {} : { stage }) } });
      journal.flush();
      return { version: released?.version ?? null, text, head: headText(store.audit.head()) };
    },

    'checks.policy': async () => checkPolicy(store.read),
    'checks.setPolicy': async (policy) => {
      store.write((write) => setCheckPolicy(write, policy, by()));
      return checkPolicy(store.read);
    },
    'finding.judge': async ({ analysis, label, verdict, note, stated }) => {
      if (!analysisStudyOf(store.read, analysis))
        throw new AppError('not-found', 'Expected a stored analysis, found none under this id.');
      const { at, actor } = by();
      const kept = store.write((write) =>
        addVerdict(write, { analysis, label, verdict, note, stated, login: actor, at }),
      );
      broadcast('finding.judged', { analysis, label });
      return kept;
    },
    'finding.verdicts': async ({ analysis }) => verdictsOf(store.read, analysis),
  };
}

/** AppError `refused` names what blocks, or was raised and has no reason; reasons for what was not raised are left out. */
function requireReasons(checks: readonly RaisedCheck[], overrides: readonly Override[]): Override[] {
  const blocking = checks.find(({ level }) => level === 'block');
  if (blocking)
    throw new AppError(
      'refused',
      `Expected a text that no blocking check speaks against. ${blocking.message} Put the text right; an administrator decides which checks block.`,
    );
  const raised = [...new Set(checks.map(({ check }) => check))];
  const open = raised.filter((check) => !overrides.some((override) => override.check === check));
  const [first] = checks.filter(({ check }) => open.includes(check));
  if (first)
    throw new AppError(
      'refused',
      `Expected a reason for signing over what the checks found, found none. ${first.message}`,
    );
  return overrides.filter(({ check }) => raised.includes(check));
}
