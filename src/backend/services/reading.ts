/** `draft.*` and `analysis.*`: the stored draft, opened, saved and kept. No model runs here. */
import type { z } from 'zod';
import type { DraftView } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { Draft } from '#core/report/report.ts';
import { sentencesOf } from '#core/report/sentences.ts';
import { analysisOf, saliencyOf } from '../db/analyses.ts';
import { draftById, draftOf, keepVersion, notUsedOf, saveDraft, version, versions } from '../db/drafts.ts';
import { statusOf } from '../db/reports.ts';
import { undoOf } from '../db/undo.ts';
import type { Store } from '../db/store.ts';
import type { Area, Services } from './context.ts';

type Calls = Area<
  'draft.open' | 'draft.save' | 'draft.keep' | 'draft.versions' | 'draft.version' | 'analysis.saliency'
>;

export function readingCalls(services: Services): Calls {
  const { store, now, broadcast } = services;
  return {
    'draft.open': async ({ study }) => {
      const draft = draftOf(store.read, study);
      return draft && { ...draftView(store, draft), undo: undoOf(store.read, draft.id, services.actor) };
    },
    'draft.save': async ({ draft, revision, document, undo }) => {
      const savedAt = now();
      const next = store.write((write) =>
        saveDraft(write, { draft, revision, document, savedAt, actor: services.actor, undo }),
      );
      const { study, sources } = known(store, draft);
      broadcast('draft.changed', { study, draft, revision: next });
      if (next === 1) broadcast('study.changed', { study });
      return { revision: next, savedAt, sentences: sentencesOf(document, sources) };
    },
    'draft.keep': async ({ draft }) =>
      store.write((write) => keepVersion(write, { draft, kind: 'saved', createdAt: now(), actor: services.actor })),
    'draft.versions': async ({ draft }) => versions(store.read, draft),
    'draft.version': async ({ draft, number }) => {
      const found = version(store.read, draft, number);
      if (!found) throw new AppError('not-found', `Expected version ${number} of the draft, found none.`);
      return { ...found, sentences: sentencesOf(found.document, known(store, draft).sources) };
    },
    'analysis.saliency': async ({ analysis, label }) => {
      const found = saliencyOf(store.read, analysis, label);
      if (!found) throw new AppError('not-found', 'Expected a stored saliency map, found none for this finding.');
      return found;
    },
  };
}

/** A draft as the window needs it. */
export function draftView(store: Store, draft: Draft): z.input<typeof DraftView> {
  return {
    draft,
    report: statusOf(store.read, draft.id),
    analysis: draft.analysis && analysisOf(store.read, draft.analysis),
    sentences: sentencesOf(draft.document, draft.sources),
    notUsed: notUsedOf(store.read, draft.id),
  };
}

function known(store: Store, id: Draft['id']): Draft {
  const draft = draftById(store.read, id);
  if (!draft) throw new AppError('not-found', 'Expected a stored draft, found none under this id.');
  return draft;
}
