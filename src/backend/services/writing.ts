/** `draft.write`: a report that a person begins, where no film was accepted or nobody wants a machine's text. */
import { AppError } from '#contract/errors.ts';
import { documentOf } from '#core/report/planned.ts';
import type { Draft } from '#core/report/report.ts';
import { DraftId } from '#core/study/ids.ts';
import { addDraft, draftOf } from '../db/drafts.ts';
import { openStudy } from '../db/studies.ts';
import type { Area, Services } from './context.ts';
import { draftView } from './reading.ts';

export function writingCalls(services: Services): Area<'draft.write'> {
  const { store, now, newId, broadcast } = services;
  return {
    'draft.write': async ({ study }) => {
      if (!openStudy(store.read, study))
        throw new AppError('not-found', 'Expected a study that is stored here, found none under this UID.');
      if (draftOf(store.read, study))
        throw new AppError('conflict', 'Expected a study without a report, found one. It was left as it is; open it.');
      const draft: Draft = {
        id: DraftId.parse(newId()),
        study,
        instance: null,
        analysis: null,
        sources: [],
        document: documentOf([]),
        revision: 0,
        savedAt: now(),
      };
      store.write((write) => addDraft(write, { draft, notUsed: [], replaces: null, actor: services.actor }));
      broadcast('study.changed', { study });
      broadcast('draft.changed', { study, draft: draft.id, revision: 0 });
      return draftView(store, draft);
    },
  };
}
