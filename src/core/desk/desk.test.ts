import { describe, expect, test } from 'vitest';
import { mulberry32 } from '../phantom/random.ts';
import type { Finding } from '../findings/findings.ts';
import { ReportDocument, SourceSentence } from '../report/report.ts';
import { LabelId } from '../study/ids.ts';
import { shareChanged } from './changed.ts';
import { wordDiff } from './diff.ts';
import { agrees, isSearched, textFates } from './fate.ts';
import { monitoringOf, type ReportFacts } from './monitoring.ts';

const shown = (before: string, after: string) =>
  wordDiff(before, after)
    .map(({ kind, text }) => ({ same: text, removed: `[-${text}-]`, added: `{+${text}+}` })[kind])
    .join('');

describe('1 the word diff', () => {
  test('1.1 a changed word, a removed one, an added one', () => {
    expect(shown('No large effusion.', 'No effusion.')).toBe('No [-large -]effusion.');
    expect(shown('Left effusion.', 'Right effusion.')).toBe('[-Left-]{+Right+} effusion.');
    expect(shown('Heart normal.', 'Heart is normal.')).toBe('Heart {+is +}normal.');
    expect(shown('', 'New.')).toBe('{+New.+}');
    expect(shown('Same.', 'Same.')).toBe('Same.');
  });

  test('1.2 a number and a word with a hyphen are one word each', () => {
    expect(shown('12.5 mm', '12.6 mm')).toBe('[-12.5-]{+12.6+} mm');
    expect(shown('follow-up', 'follow up')).toBe('[-follow-up-]{+follow up+}');
  });

  test('1.3 whatever the texts, its parts are the two texts again', () => {
    const random = mulberry32(5);
    const words = ['a', 'b ', '  ', 'Müller', '12.5', '胸', '\n', '.', '👩‍⚕️', '-'];
    const text = () =>
      Array.from({ length: Math.floor(random() * 30) }, () => words[Math.floor(random() * 10)]).join('');
    for (let n = 0; n < 500; n++) {
      const [before, after] = [text(), text()];
      const parts = wordDiff(before, after);
      const of = (kind: string) =>
        parts
          .filter((part) => part.kind !== kind)
          .map((part) => part.text)
          .join('');
      expect(of('added')).toBe(before);
      expect(of('removed')).toBe(after);
    }
  });

  test('1.4 two very long texts are not compared word by word, and still make both texts', () => {
    const long = (word: string) => `Begin. ${`${word} `.repeat(5000)}End.`;
    const parts = wordDiff(long('left'), long('right'));
    expect(
      parts
        .filter(({ kind }) => kind !== 'added')
        .map(({ text }) => text)
        .join(''),
    ).toBe(long('left'));
    expect(parts.length).toBeLessThan(10);
  });
});

const text = (findings: string, source: string | null = null) =>
  ReportDocument.parse({ sections: [{ key: 'findings', paragraphs: [[{ text: findings, source }]] }] });

describe('2 the share that was changed', () => {
  test('2.1 nothing, everything, half', () => {
    expect(shareChanged(text('No effusion seen.'), text('No  effusion  seen'))).toBe(0);
    expect(shareChanged(text('No effusion'), text('Large nodule'))).toBe(1);
    expect(shareChanged(text('No effusion'), text('No nodule'))).toBe(0.5);
    expect(shareChanged(text(''), text(''))).toBe(0);
  });
});

const finding = (label: string, positive: boolean): Finding => ({
  ...{ label: LabelId.parse(label), name: label, probability: positive ? 0.8 : 0.1, threshold: 0.5, positive },
  region: null,
});
const source = (id: string, label: string, words: string) =>
  SourceSentence.parse({ id, section: 'findings', text: words, finding: label, probability: 0.8, evidence: [] });

describe('3 what became of a finding', () => {
  const findings = [finding('effusion', true), finding('nodule', false)];
  const sources = [source('s', 'effusion', 'Pleural effusion is likely.')];
  const german = sources.map((one) => ({ ...one, language: 'de' as const }));
  const fate = (document: ReportDocument) =>
    textFates(findings, sources, document).map(({ said, sentence }) => [said, sentence]);

  test('3.1 kept, edited, removed; affirmed, denied, absent', () => {
    expect(fate(text('Pleural effusion is likely.', 's'))[0]?.[1]).toBe('kept');
    expect(fate(text('Small pleural effusion is likely.', 's'))[0]?.[1]).toBe('edited');
    expect(fate(text('The heart is normal.'))[0]).toEqual(['absent', 'removed']);
    expect(fate(text('No pleural effusion.'))[0]).toEqual(['denied', 'removed']);
    expect(fate(text('A nodule in the left lung.'))[1]).toEqual(['affirmed', 'none']);
  });

  test('3.2 of a German draft it is said what became of the sentence, and not what the text says', () => {
    const words = text('Kein Pleuraerguss. Ein Rundherd links.');
    expect(textFates(findings, german, words).map(({ said, sentence }) => [said, sentence])).toEqual([
      ['unknown', 'removed'],
      ['unknown', 'none'],
    ]);
  });

  test('3.3 agreement is between what was marked and what the text has', () => {
    expect(agrees({ positive: true, said: 'affirmed' })).toBe(true);
    expect(agrees({ positive: true, said: 'denied' })).toBe(false);
    expect(agrees({ positive: false, said: 'absent' })).toBe(true);
    expect(agrees({ positive: false, said: 'uncertain' })).toBe(false);
    expect(agrees({ positive: true, said: 'unknown' })).toBeNull();
  });

  test('3.4 monitoring counts omissions, additions and rejections apart', () => {
    const facts = (words: string, verdict: 'rejected' | null, of = sources): ReportFacts => ({
      ...{ reader: 'a', pack: 'p 1', analysedAt: Date.UTC(2026, 1, 3), createdAt: 0, signedAt: 60_000, overridden: [] },
      searched: isSearched(of),
      fates: textFates(findings, of, text(words)).map((one) => ({
        ...one,
        overridden: [],
        verdict: verdict && {
          analysis: 'x' as never,
          label: one.label,
          verdict,
          note: '',
          stated: '',
          login: 'a',
          at: 1,
        },
      })),
    });
    const {
      notSearched,
      findings: rows,
      drift,
      times,
    } = monitoringOf([
      facts('The heart is normal.', null),
      facts('The heart is normal.', 'rejected'),
      facts('A nodule and a pleural effusion.', null),
      facts('Kein Erguss. Ein Rundherd.', null, german),
    ]);
    // The German one is a draft with a finding that nobody looked at; of what it says nothing is counted.
    expect(rows.find(({ label }) => label === 'effusion')).toMatchObject({
      ...{ drafts: 4, positive: 4, rejected: 1, omissions: 1, agree: 1, compared: 3, notLookedAt: 3, removed: 4 },
    });
    expect(notSearched).toBe(1);
    expect(rows.find(({ label }) => label === 'nodule')).toMatchObject({
      positive: 0,
      additions: 1,
      agree: 2,
      compared: 3,
    });
    expect(drift.map(({ month, films }) => [month, films])).toEqual([
      ['2026-02', 4],
      ['2026-02', 4],
    ]);
    expect(times[0]).toMatchObject({ of: 'all', reports: 4, median: 60_000 });
  });
});
