/** `desk.*`: the auditor finds stored reports again, sees what became of them, and takes tables along. No model runs. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { DeskFilter, DeskRow } from '#contract/desk.ts';
import { AppError } from '#contract/errors.ts';
import { monitoringOf, type Monitoring, type ReportFacts } from '#core/desk/monitoring.ts';
import { LabelId } from '#core/study/ids.ts';
import { analysisOf } from '../db/analyses.ts';
import { auditAbout } from '../db/audit.ts';
import { addendaInForce, draftedText, knownFindings, markedWith, textInForce } from '../db/deskRows.ts';
import { draftById, versions } from '../db/drafts.ts';
import { releasesOf } from '../db/reports.ts';
import { allReviews, reviewsOf } from '../db/reviews.ts';
import { studySummary } from '../db/studies.ts';
import type { Area, Services } from './context.ts';
import { driftCsv, findingsCsv, listCsv, reviewsCsv, timesCsv } from './deskCsv.ts';
import { createDeskFates } from './deskFates.ts';
import { filtered, sorted } from './deskFilter.ts';
import { createDeskIndex } from './deskIndex.ts';
import { reviewCalls } from './deskReviews.ts';

type Calls = Area<'desk.list' | 'desk.choices' | 'desk.report' | 'desk.monitoring' | 'desk.export'>;

/** Rows of the log that one report shows at most. */
const MOST_ROWS = 5000;

export function deskCalls(services: Services): Calls & ReturnType<typeof reviewCalls> {
  const { store, journal, now } = services;
  const index = createDeskIndex(store.read);
  const fates = createDeskFates(store.read);

  async function search(filter: DeskFilter, finding: LabelId | null = null): Promise<DeskRow[]> {
    const wanted = finding ?? filter.finding;
    const rows = filtered(await index.rows(), filter, wanted === null ? null : markedWith(store.read, wanted));
    if (finding === null || filter.finding === null || finding === filter.finding) return rows;
    const both = markedWith(store.read, filter.finding);
    return rows.filter(({ draft }) => both.has(draft));
  }

  async function monitoring(filter: DeskFilter): Promise<Monitoring> {
    const facts: ReportFacts[] = [];
    for (const row of await search(filter)) {
      facts.push(fates.facts(row));
      if (facts.length % 20 === 0) await breathe();
    }
    return monitoringOf(facts);
  }

  const tables = {
    list: async (filter: DeskFilter) => listCsv(sorted(await search(filter), 'changedAt', true)),
    findings: async (filter: DeskFilter) => findingsCsv(await monitoring(filter)),
    drift: async (filter: DeskFilter) => driftCsv(await monitoring(filter)),
    times: async (filter: DeskFilter) => timesCsv(await monitoring(filter)),
    reviews: async () => reviewsCsv(allReviews(store.read)),
  };

  return {
    'desk.list': async ({ filter, sort, descending, limit, offset }) => {
      const rows = sorted(await search(filter), sort, descending);
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },
    'desk.choices': async () => {
      const rows = await index.rows();
      const all = (pick: (row: DeskRow) => string) =>
        [...new Set(rows.map(pick))].filter((one) => one !== '').sort((a, b) => a.localeCompare(b, 'en'));
      const findings = knownFindings(store.read).map(({ label, name }) => ({ label: LabelId.parse(label), name }));
      return { readers: all(({ reader }) => reader), packs: all(({ pack }) => pack), findings: onePerLabel(findings) };
    },
    'desk.report': async ({ draft: id }) => {
      const draft = draftById(store.read, id);
      const row = index.row(id);
      const study = draft && studySummary(store.read, draft.study);
      if (!draft || !row || !study)
        throw new AppError('not-found', 'Expected a stored report, found none under this id.');
      // What was seen a moment ago belongs to the rows that are asked for now.
      journal.flush();
      const releases = releasesOf(store.read, id);
      const subjects = [id, draft.study, draft.analysis, draft.instance].filter((one) => one !== null);
      return {
        ...{ row, study, draft },
        analysis: draft.analysis && analysisOf(store.read, draft.analysis),
        drafted: draftedText(store.read, id),
        text: textInForce(store.read, id),
        addenda: addendaInForce(store.read, id),
        fates: fates.of(id),
        versions: versions(store.read, id).map((version) => ({
          ...version,
          release: releases.find(({ number }) => number === version.number) ?? null,
        })),
        reviews: reviewsOf(store.read, id),
        audit: auditAbout(store.read, subjects, MOST_ROWS),
      };
    },
    'desk.monitoring': ({ filter }) => monitoring(filter),
    'desk.export': async ({ what, filter }) => {
      const text = await tables[what](filter);
      const detail = { what, rows: text.split('\r\n').length - 2 };
      journal.note({ at: now(), actor: services.actor, event: 'desk.exported', subject: 'auditor’s desk', detail });
      journal.flush();
      return { text };
    },
    ...reviewCalls(services, { index, search }),
  };
}

/** A label that two packs name differently is one choice. */
const onePerLabel = (findings: { label: LabelId; name: string }[]) => [
  ...new Map(findings.map((finding) => [finding.label, finding])).values(),
];
