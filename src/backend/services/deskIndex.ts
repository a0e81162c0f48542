/** The auditor's list in memory: a report is read again only when its revision went up. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { DeskRow } from '#contract/desk.ts';
import { shareChanged } from '#core/desk/changed.ts';
import type { DraftId } from '#core/study/ids.ts';
import { draftedText, reviewCounts, revisionsOf, signedOver, storedRow, textInForce } from '../db/deskRows.ts';
import type { Read } from '../db/handles.ts';

interface Entry {
  revision: number;
  row: DeskRow;
}

export interface DeskIndex {
  /** Every report, in the order in which they were made. */
  rows(): Promise<DeskRow[]>;
  /** null where there is none under this id. */
  row(draft: DraftId): DeskRow | null;
}

/** Reports read in one go, before others get their turn. */
const AT_ONCE = 50;

export function createDeskIndex(read: Read): DeskIndex {
  const known = new Map<DraftId, Entry>();

  function readRow(draft: DraftId): DeskRow | null {
    const stored = storedRow(read, draft);
    if (!stored) return null;
    const { revision, packId, packVersion, analysedAt: _analysedAt, reader, ...rest } = stored;
    const drafted = draftedText(read, draft);
    const row: DeskRow = {
      ...rest,
      reader: reader ?? '',
      pack: packId === null ? '' : `${packId} ${packVersion ?? ''}`,
      changed: drafted && shareChanged(drafted, textInForce(read, draft)),
      overrides: signedOver(read, draft).reduce((sum, { overrides }) => sum + overrides.length, 0),
      reviews: 0,
    };
    known.set(draft, { revision, row });
    return row;
  }

  return {
    async rows() {
      const rows: DeskRow[] = [];
      let fresh = 0;
      for (const { draft, revision } of revisionsOf(read)) {
        const entry = known.get(draft);
        const row = entry?.revision === revision ? entry.row : readRow(draft);
        if (row) rows.push(row);
        if (entry?.row !== row && ++fresh % AT_ONCE === 0) await breathe();
      }
      const reviews = reviewCounts(read);
      return rows.map((row) => ({ ...row, reviews: reviews.get(row.draft) ?? 0 }));
    },
    row(draft) {
      const row = readRow(draft);
      return row && { ...row, reviews: reviewCounts(read).get(draft) ?? 0 };
    },
  };
}
