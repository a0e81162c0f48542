/** `critical.*`: what must be told in time, whom it was told, and what nobody was told yet. */
import { AppError } from '#contract/errors.ts';
import type { Critical, CriticalStep } from '#core/desk/critical.ts';
import * as db from '../db/critical.ts';
import { draftById } from '../db/drafts.ts';
import { studySummary } from '../db/studies.ts';
import type { Area, Services } from './context.ts';

type Calls = Area<'critical.of' | 'critical.list' | 'critical.found' | 'critical.tell' | 'critical.withdraw'>;

/** A clock that runs ahead a little is no error. */
const SLACK_MS = 2 * 60_000;

export function criticalCalls(services: Services): Calls {
  const { store, now, newId, broadcast } = services;

  function past(at: number, notBefore: number): void {
    if (at > now() + SLACK_MS)
      throw new AppError('invalid-input', 'Expected a time that has been, found one to come. Put the time right.');
    if (at < notBefore)
      throw new AppError('invalid-input', 'Expected a time after it was found, found one before. Put the time right.');
  }
  const study = (of: Critical['study']) => {
    const found = studySummary(store.read, of);
    if (!found) throw new AppError('not-found', 'Expected a study that is stored here, found none under this UID.');
    return found;
  };
  function step(id: string, what: Omit<CriticalStep, 'login' | 'at'>): Critical {
    const critical = db.criticalById(store.read, id);
    past(what.happenedAt, critical.foundAt);
    const by = { login: services.actor, at: now() };
    const done = store.write((write) => db.addStep(write, critical, { ...what, ...by }));
    broadcast('critical.changed', { study: critical.study });
    return done;
  }

  return {
    'critical.of': async ({ study: of }) => db.criticalsOf(store.read, of),
    'critical.list': async ({ open, limit }) =>
      (open ? db.openCriticals : db.allCriticals)(store.read, limit).map((critical) => {
        const { patient, date } = study(critical.study);
        return { critical, patient, date };
      }),
    'critical.found': async (found) => {
      study(found.study);
      if (found.draft !== null && draftById(store.read, found.draft)?.study !== found.study)
        throw new AppError('invalid-input', 'Expected a report of this study, found another one.');
      past(found.foundAt, 0);
      const critical = { ...found, id: newId(), login: services.actor, at: now() };
      const made = store.write((write) => db.addCritical(write, critical));
      broadcast('critical.changed', { study: found.study });
      return made;
    },
    'critical.tell': async ({ critical, reached, ...told }) =>
      step(critical, { ...told, kind: reached ? 'told' : 'tried' }),
    'critical.withdraw': async ({ critical, reason }) =>
      step(critical, {
        ...{ kind: 'withdrawn', by: '', to: '', how: null, readBack: false, note: reason },
        happenedAt: Math.max(now(), db.criticalById(store.read, critical).foundAt),
      }),
  };
}
