/** What a reader's decision on a finding does to the sentences of a draft, and where text and decision come apart. */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../findings/findings.ts';
import type { PackLabel } from '../pack/pack.ts';
import { AnalysisId, LabelId } from '../study/ids.ts';
import { aspectsOf } from './aspects.ts';
import { planOf, standingOf, statedOf, untrueOf, type Decision } from './decided.ts';
import { bookOf } from './phrases/book.ts';
import { negativeWords, statedWords } from './phrases/words.ts';
import { documentOf, plannedDraft } from './planned.ts';
import { spansOf } from './sentences.ts';
import type { FindingVerdict } from './signing.ts';

const half = { value: 0.5, low: 0.4, high: 0.6 };
const names = { effusion: 'Pleural effusion', edema: 'Edema', pneumonia: 'Pneumonia', consolidation: 'Consolidation' };
type Name = keyof typeof names;
const idOf = (name: Name) => LabelId.parse(name);
const labels = Object.entries(names).map(([id, name]): PackLabel => ({
  ...{ id, name, listed: true, threshold: 0.4, prevalence: 0.1, positives: 10, auc: half },
  ...{ calibration: { slope: 1, intercept: 0 }, specificity: half, calibrationError: 0.1 },
  sensitivity: { value: 1, low: 0.96, high: 1 },
}));
/** A draft in which the named findings are marked and the others are denied, as far as they may be. */
function draftOf(...marked: Name[]) {
  const findings = labels.map(({ id, name }): Finding => {
    const positive = marked.some((one) => one === id);
    return {
      label: LabelId.parse(id),
      name,
      probability: positive ? 0.6 : 0.1,
      threshold: 0.4,
      positive,
      region: null,
    };
  });
  const film = { anatomy: null, instance: '1.2', viewPosition: 'PA', sideAssumed: false, note: '' };
  const sources = plannedDraft({ findings, labels, ...film });
  const textOf = (id: string) => sources.find((source) => source.id === id)?.text ?? '';
  return { sources, findings, textOf };
}
const analysis = AnalysisId.parse('a');
const verdict = (label: Name, said: FindingVerdict['verdict'], stated = ''): FindingVerdict => ({
  ...{ analysis, label: idOf(label), verdict: said, stated, note: '', login: 'r', at: 1 },
});
const decision = (label: Name, said: Decision['verdict'], stated = ''): Decision => ({
  ...{ label: idOf(label), verdict: said, stated },
});

describe('1 a finding that the model marked', () => {
  const draft = draftOf('effusion', 'edema');
  const texts = (ids: readonly string[]) => ids.map(draft.textOf);

  test('1.1 rejected: its sentences go from findings and impression, and no other', () => {
    const { out, back, say } = planOf(draft, [], decision('effusion', 'rejected'));
    expect(texts(out)).toEqual(['Pleural effusion is likely.', 'Pleural effusion, likely.']);
    expect([back, say]).toEqual([[], []]);
  });

  test('1.2 accepted again: they come back', () => {
    const plan = planOf(draft, [verdict('effusion', 'rejected')], decision('effusion', 'accepted'));
    expect(texts(plan.back)).toEqual(['Pleural effusion is likely.', 'Pleural effusion, likely.']);
    expect(plan.out).toEqual([]);
  });

  test('1.3 modified: the reader’s sentence takes their places', () => {
    const stated = 'Small pleural effusion on the right.';
    const plan = planOf(draft, [], decision('effusion', 'modified', stated));
    expect(texts(plan.out)).toEqual(['Pleural effusion is likely.', 'Pleural effusion, likely.']);
    expect(plan.say.map(({ section, text, before }) => [section, text, before && draft.textOf(before)])).toEqual([
      ['findings', stated, 'Pleural effusion is likely.'],
      ['impression', stated, 'Pleural effusion, likely.'],
    ]);
  });

  test('1.4 modified again, then accepted as the model says it: what was stated goes', () => {
    const before = [verdict('effusion', 'modified', 'One.'), verdict('effusion', 'modified', 'Two.')];
    expect(planOf(draft, before, decision('effusion', 'modified', 'Two.')).unsay).toEqual(['One.']);
    const { unsay, back } = planOf(draft, before, decision('effusion', 'accepted'));
    expect([unsay, back.length]).toEqual([['One.', 'Two.'], 2]);
  });

  test('1.5 rejected with a denial: the denial is the reader’s and stands in the findings alone', () => {
    const { say } = planOf(draft, [], decision('effusion', 'rejected', 'No pleural effusion.'));
    expect(say.map(({ section }) => section)).toEqual(['findings']);
  });
});

describe('2 a finding that the model did not mark', () => {
  test('2.1 accepted: its denial goes, and what denies something that comes with it', () => {
    const draft = draftOf('effusion');
    const { out } = planOf(draft, [], decision('pneumonia', 'accepted', 'Pneumonia.'));
    expect(out.map(draft.textOf)).toEqual(['No pneumonia.', 'No consolidation.']);
  });

  test('2.2 nothing was flagged: that is not said of a film on which the reader saw something', () => {
    const draft = draftOf();
    const { nothingFlagged, nothingFlaggedImpression } = bookOf('en');
    const plan = planOf(draft, [], decision('edema', 'accepted', 'Pulmonary edema.'));
    expect(plan.out.map(draft.textOf)).toEqual([nothingFlagged, 'No pulmonary edema.', nothingFlaggedImpression]);
    expect(plan.say.map(({ before }) => before && draft.textOf(before))).toEqual([
      'No pulmonary edema.',
      nothingFlaggedImpression,
    ]);
    const other = planOf(draft, [verdict('edema', 'accepted')], decision('effusion', 'accepted'));
    expect(other.out.map(draft.textOf)).toEqual(['No pleural effusion.']);
  });

  test('2.3 rejected after all: they come back, but not while another one is there', () => {
    const draft = draftOf();
    const both = [verdict('edema', 'accepted', 'Edema.'), verdict('effusion', 'accepted', 'Effusion.')];
    const one = planOf(draft, both, decision('edema', 'rejected'));
    expect(one.back.map(draft.textOf)).toEqual(['No pulmonary edema.']);
    expect(one.unsay).toEqual(['Edema.']);
    const none = planOf(draft, [...both, verdict('edema', 'rejected')], decision('effusion', 'rejected'));
    expect(none.back).toHaveLength(3);
  });

  test('2.4 rejected: the denial was right and stays', () => {
    const draft = draftOf('effusion');
    expect(planOf(draft, [], decision('pneumonia', 'rejected')).out).toEqual([]);
  });

  test('2.5 whatever is decided, no denial stands beside what the reader says is there', () => {
    const all = labels.map(({ id }) => LabelId.parse(id));
    const verdicts = ['accepted', 'rejected', 'modified'] as const;
    for (const marked of [[], ['effusion'], ['pneumonia', 'edema']] as Name[][])
      for (const label of all)
        for (const said of verdicts) {
          const draft = draftOf(...marked);
          const untrue = untrueOf(draft, [{ label, verdict: said, stated: '' }]);
          const left = draft.sources.filter(({ id }) => !untrue.has(id)).map(({ text }) => text);
          const named = draft.findings.find((one) => one.label === label) ?? { label, name: '' };
          if (said !== 'rejected') expect(left).not.toContain(negativeWords(bookOf('en'), named));
          if (said !== 'rejected') expect(left.join(' ')).not.toMatch(/No assessed finding|None of the assessed/);
          if (said === 'rejected')
            expect(draft.sources.filter(({ finding, id }) => finding === label && !untrue.has(id))).toEqual(
              draft.sources.filter(({ finding, text }) => finding === label && /^No /.test(text)),
            );
        }
  });
});

describe('3 text and decision', () => {
  const draft = draftOf('effusion');
  const whole = documentOf(draft.sources);
  const without = documentOf(draft.sources.filter(({ finding }) => finding !== 'effusion'));
  const standing = (document: typeof whole, ...verdicts: FindingVerdict[]) =>
    standingOf(draft, verdicts, idOf('effusion'), spansOf(document, draft.sources));

  test('3.1 nobody decided, or the text follows', () => {
    expect(standing(whole).kind).toBe('as-decided');
    expect(standing(whole, verdict('effusion', 'seen')).kind).toBe('as-decided');
    expect(standing(whole, verdict('effusion', 'accepted')).kind).toBe('as-decided');
    expect(standing(without, verdict('effusion', 'rejected')).kind).toBe('as-decided');
  });

  test('3.2 the removal was undone: the decision stands, and that the sentence does too is known', () => {
    expect(standing(whole, verdict('effusion', 'rejected'))).toMatchObject({ kind: 'stands', edited: false });
  });

  test('3.3 the reader wrote in the sentence', () => {
    const edited = documentOf(
      draft.sources.map((source) =>
        source.finding === 'effusion' ? { ...source, text: source.text.replace('likely', 'unlikely') } : source,
      ),
    );
    expect(standing(edited, verdict('effusion', 'rejected'))).toMatchObject({ kind: 'stands', edited: true });
  });

  test('3.4 what was accepted or stated is not in the text', () => {
    expect(standing(without, verdict('effusion', 'accepted')).kind).toBe('missing');
    const stated = verdict('effusion', 'modified', 'Small pleural effusion on the right.');
    expect(standing(without, stated)).toEqual({ kind: 'missing', texts: [stated.stated] });
    const written = {
      sections: without.sections.map((section) =>
        section.key === 'findings'
          ? { ...section, paragraphs: [[{ text: 'Small pleural effusion on the right, free.', source: null }]] }
          : section,
      ),
    };
    expect(standing(written, stated).kind).toBe('as-decided');
    // Typed or stated, it says what was rejected.
    expect(standing(written, verdict('effusion', 'rejected', 'No pleural effusion.')).kind).toBe('stands');
    expect(standing(without, verdict('effusion', 'rejected', 'No pleural effusion.')).kind).toBe('missing');
  });

  const typed = (...lines: string[]) => ({
    sections: without.sections.map((section) =>
      section.key === 'findings' ? { ...section, paragraphs: lines.map((text) => [{ text, source: null }]) } : section,
    ),
  });
  const right = 'Small pleural effusion on the right.';

  test('3.5 another finding’s sentence with the same words of size and side is not the statement', () => {
    const stated = verdict('effusion', 'modified', right);
    expect(standing(typed('Small nodule on the right.'), stated)).toEqual({ kind: 'missing', texts: [right] });
    expect(standing(typed('Small pleural effusion on the left.'), stated)).toEqual({ kind: 'missing', texts: [right] });
  });

  test('3.6 a statement that the reader turned round, or typed against, is no statement', () => {
    expect(standing(typed('No pleural effusion.'), verdict('effusion', 'accepted', 'Pleural effusion.'))).toMatchObject(
      {
        kind: 'stands',
        sentences: [{ text: 'No pleural effusion.' }],
      },
    );
    expect(standing(typed('Large left pleural effusion.'), verdict('effusion', 'rejected')).kind).toBe('stands');
    expect(standing(typed('No pleural effusion.'), verdict('effusion', 'rejected')).kind).toBe('as-decided');
    expect(
      standing(typed(right, 'No pleural effusion on the left.'), verdict('effusion', 'modified', right)).kind,
    ).toBe('as-decided');
  });

  test('3.7 a statement that the reader wrote on and then rejected is seen', () => {
    const all = [verdict('effusion', 'modified', 'Kleiner Erguss rechts.'), verdict('effusion', 'rejected')];
    expect(standing(typed('Kleiner Erguss rechts, frei.'), ...all)).toMatchObject({ kind: 'stands', edited: true });
    expect(standing(typed('Kein kleiner Erguss rechts.'), ...all).kind).toBe('as-decided');
  });

  test('3.8 of two sentences that were stated each goes; a sentence is known as that finding’s', () => {
    const two = verdict('effusion', 'modified', 'Loculated effusion. Drain in place.');
    expect(planOf(draft, [two], decision('effusion', 'rejected')).unsay).toEqual([
      'Loculated effusion.',
      'Drain in place.',
    ]);
    expect(standing(typed('Loculated effusion.', 'Drain in place.'), two).kind).toBe('as-decided');
    expect(standing(typed('Loculated effusion.'), two).kind).toBe('missing');
    const of = (text: string) =>
      spansOf(typed(text), draft.sources)
        .filter((span) => span.text === text)
        .map((span) => statedOf([two], span));
    expect([of('Drain in place.'), of('Drain in place today.'), of('Old rib fracture.')]).toEqual([
      ['effusion'],
      ['effusion'],
      [null],
    ]);
  });
});

describe('4 what a person may state', () => {
  const said = (
    language: 'en' | 'de',
    label: Name,
    ...[side, zones, severity]: ['left' | null, 'lower'[], 'small' | null]
  ) => statedWords(bookOf(language), { label, name: names[label] }, { side, zones, severity });

  test('4.1 a side, a zone, a size, in words of the draft’s language', () => {
    expect(said('en', 'effusion', null, [], null)).toBe('Pleural effusion.');
    expect(said('en', 'effusion', 'left', [], 'small')).toBe('Small pleural effusion on the left.');
    expect(said('en', 'pneumonia', 'left', ['lower'], null)).toBe('Pneumonia in the left lower zone.');
    expect(said('de', 'effusion', 'left', [], 'small')).toBe('Pleuraerguss links, klein.');
  });

  test('4.2 a heart has no side; what the table does not know may have everything', () => {
    expect(aspectsOf('cardiomegaly', true)).toEqual({
      sides: [],
      zones: [],
      severities: ['mild', 'moderate', 'severe'],
    });
    expect(aspectsOf('effusion', true).zones).toEqual([]);
    expect(aspectsOf('shadow', false).sides).toHaveLength(3);
  });
});
