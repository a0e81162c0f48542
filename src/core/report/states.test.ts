import { describe, expect, test } from 'vitest';
import { actsOf, Amendment, isSigned, nextStanding, ReportAct, ReportStage, type ReportStanding } from './states.ts';

const standings: ReportStanding[] = ReportStage.options.flatMap((stage) =>
  [null, ...Amendment.options].map((amending) => ({ stage, amending })),
);

describe('the states of a report', () => {
  test('1.1 a text that is not signed is edited, released, signed or discarded', () => {
    for (const stage of ['ai-draft', 'in-progress', 'preliminary'] as const)
      expect(actsOf({ stage, amending: null })).toEqual(['edit', 'preliminary', 'sign', 'discard']);
    expect(nextStanding({ stage: 'preliminary', amending: null }, 'edit')).toEqual({
      stage: 'in-progress',
      amending: null,
    });
  });

  test('1.2 no act leads from a signed report to one that is not, or to another text without a signature', () => {
    for (const standing of standings.filter(({ stage }) => isSigned(stage)))
      for (const act of ReportAct.options) {
        const next = nextStanding(standing, act);
        if (next) expect(isSigned(next.stage)).toBe(true);
        if (act === 'edit' && next) expect(standing.amending).toBe('correction');
        if (next && next.stage !== standing.stage) expect(act).toBe('sign');
      }
  });

  test('1.3 discarded is the end; one amendment at a time', () => {
    expect(actsOf({ stage: 'discarded', amending: null })).toEqual([]);
    for (const stage of ['final', 'addendum', 'corrected'] as const) {
      expect(actsOf({ stage, amending: null })).toEqual(['begin-addendum', 'begin-correction']);
      expect(actsOf({ stage, amending: 'addendum' })).toEqual(['sign', 'edit-addendum', 'discard']);
      expect(actsOf({ stage, amending: 'correction' })).toEqual(['edit', 'sign', 'discard']);
      expect(nextStanding({ stage, amending: 'correction' }, 'discard')).toEqual({ stage, amending: null });
    }
  });

  test('1.4 what was never signed has no amendment', () => {
    for (const stage of ['ai-draft', 'in-progress', 'preliminary', 'discarded'] as const)
      for (const amending of Amendment.options) expect(actsOf({ stage, amending })).toEqual([]);
  });
});
