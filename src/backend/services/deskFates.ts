/** What became of the findings of a stored report. */
import type { ReportFacts } from '#core/desk/monitoring.ts';
import { isSearched, textFates, type Fate, type TextFate } from '#core/desk/fate.ts';
import type { AnalysisId, DraftId } from '#core/study/ids.ts';
import type { DeskRow } from '#contract/desk.ts';
import { analysisOf } from '../db/analyses.ts';
import { signedOver, storedRow, textInForce } from '../db/deskRows.ts';
import { draftById } from '../db/drafts.ts';
import type { Read } from '../db/handles.ts';
import { verdictsOf } from '../db/verdicts.ts';

interface Entry {
  revision: number;
  analysis: AnalysisId | null;
  analysedAt: number | null;
  searched: boolean;
  texts: TextFate[];
}

export interface DeskFates {
  of(draft: DraftId): Fate[];
  facts(row: DeskRow): ReportFacts;
}

/** The text is searched again only when the report's revision went up; verdicts are always asked for. */
export function createDeskFates(read: Read): DeskFates {
  const known = new Map<DraftId, Entry>();

  function entryOf(draft: DraftId): Entry {
    const stored = storedRow(read, draft);
    const before = known.get(draft);
    if (before && before.revision === stored?.revision) return before;
    const whole = draftById(read, draft);
    const analysis = whole?.analysis ? analysisOf(read, whole.analysis) : null;
    const texts = analysis && whole ? textFates(analysis.findings, whole.sources, textInForce(read, draft)) : [];
    const entry = {
      ...{ revision: stored?.revision ?? 0, analysis: analysis?.id ?? null, analysedAt: analysis?.createdAt ?? null },
      searched: isSearched(whole?.sources ?? []),
      texts,
    };
    known.set(draft, entry);
    return entry;
  }

  function of(draft: DraftId): Fate[] {
    const { analysis, texts } = entryOf(draft);
    const verdicts = analysis ? verdictsOf(read, analysis) : [];
    const signed = signedOver(read, draft);
    return texts.map((fate) => ({
      ...fate,
      verdict: verdicts.findLast(({ label }) => label === fate.label) ?? null,
      overridden: signed.flatMap(({ checks, overrides }) =>
        overrides.filter(({ check }) => checks.some((one) => one.check === check && one.label === fate.label)),
      ),
    }));
  }

  return {
    of,
    facts: ({ draft, reader, pack, createdAt, signedAt }) => ({
      ...{ reader, pack, createdAt, signedAt },
      analysedAt: entryOf(draft).analysedAt,
      searched: entryOf(draft).searched,
      fates: of(draft),
      overridden: [...new Set(signedOver(read, draft).flatMap(({ overrides }) => overrides.map(({ check }) => check)))],
    }),
  };
}
