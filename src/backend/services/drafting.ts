/** `draft.make`: the study's best film through the pack, findings into sentences, all of it stored together. */
import { AppError } from '#contract/errors.ts';
import { documentOf } from '#core/report/planned.ts';
import type { Draft } from '#core/report/report.ts';
import { rankFilms } from '#core/study/bestFilm.ts';
import { AnalysisId, DraftId } from '#core/study/ids.ts';
import { addAnalysis } from '../db/analyses.ts';
import { addDraft, draftOf, markRefused } from '../db/drafts.ts';
import { statusOf } from '../db/reports.ts';
import type { Read } from '../db/handles.ts';
import { getSettings } from '../db/settings.ts';
import { openStudy } from '../db/studies.ts';
import { verdictsOf } from '../db/verdicts.ts';
import type { PackStore, StoredPack } from '../files/packs.ts';
import { breath } from '../sources/breath.ts';
import type { Area, Services, StageName } from './context.ts';
import { analyseFilm, plannedFrom } from './filmAnalysis.ts';
import { chooseFilm } from './filmChoice.ts';
import { lookAtFilm } from './filmGate.ts';
import type { Frames } from './frames.ts';
import { draftView } from './reading.ts';

const stages: readonly StageName[] = ['decoding', 'loading model', 'preparing', 'model', 'writing'];

export function draftingCalls(services: Services, frames: Frames): Area<'draft.make'> {
  const { store, engine, packs, now, newId, broadcast } = services;
  return {
    'draft.make': async ({ job, study }, { signal, emit }) => {
      const onStage = (stage: StageName) =>
        emit('job.progress', { job, stage, done: stages.indexOf(stage), total: stages.length });
      const found = openStudy(store.read, study);
      if (!found) throw new AppError('not-found', 'Expected a study that is stored here, found none under this UID.');
      const before = draftOf(store.read, study);
      // A window that does not know of the report must not put a machine's text in its place.
      if (before && workedOn(store.read, before) && statusOf(store.read, before.id).stage !== 'discarded')
        throw new AppError(
          'conflict',
          'Expected a report that nobody has worked on, found one in progress. It was left as it is; open it again.',
        );
      const stored = findingsPack(packs);
      const { accepts } = stored.pack;
      onStage('decoding');
      const started = performance.now();
      let gateTook = 0;
      const ranked = rankFilms(
        found.series.flatMap((series) => series.instances),
        accepts,
      );
      const chosen = await chooseFilm(ranked, {
        open: ({ film }) => frames.get(film.id, 0),
        async look({ gate }, opened) {
          const began = performance.now();
          const seen = await lookAtFilm(engine, packs, accepts, { ...opened, gate }, { signal });
          gateTook += performance.now() - began;
          return seen;
        },
      });
      signal.throwIfAborted();
      const { best } = chosen;
      const notUsed = chosen.notUsed.map(({ choice, reason }) => ({ instance: choice.film.id, reason }));
      if (!best) {
        const reason = refusalOf(notUsed.map((film) => film.reason));
        store.write((write) => markRefused(write, { study, reason, at: now(), actor: services.actor }));
        broadcast('study.changed', { study });
        throw new AppError('refused', reason);
      }
      const { film } = best.choice;
      const decode = performance.now() - started - gateTook;
      const result = await analyseFilm(
        engine,
        packs,
        { ...best.seen, id: AnalysisId.parse(newId()), instance: film.id, stored, now: now() },
        { signal, onStage },
      );
      onStage('writing');
      await breath();
      const { analysis, maps, masks } = result;
      const { draftLanguage } = getSettings(store.read);
      const sources = plannedFrom(stored.pack, best.seen, result, draftLanguage);
      const draft: Draft = {
        id: DraftId.parse(newId()),
        study,
        instance: film.id,
        analysis: analysis.id,
        sources,
        document: documentOf(sources),
        revision: 0,
        savedAt: now(),
      };
      const { actor } = services;
      await breath();
      signal.throwIfAborted();
      store.write((write) => {
        addAnalysis(write, {
          analysis: { ...analysis, timings: { decode, gate: gateTook, ...analysis.timings } },
          study,
          maps,
          masks,
          actor,
        });
        const replaces = before && { draft: before.id, revision: before.revision };
        addDraft(write, { draft, notUsed, replaces, actor });
      });
      await breath();
      broadcast('study.changed', { study });
      broadcast('draft.changed', { study, draft: draft.id, revision: 0 });
      return draftView(store, draft);
    },
  };
}

/** Its text was changed, or somebody decided on a finding: to accept one changes no text. */
const workedOn = (read: Read, { revision, analysis }: Draft): boolean =>
  revision > 0 || (analysis !== null && verdictsOf(read, analysis).some(({ verdict }) => verdict !== 'seen'));

/** The pack that drafts: the first for findings that is whole and not for tests. */
export function findingsPack(packs: PackStore): StoredPack {
  const known = packs.list();
  const usable = known.filter((state) => state.state !== 'failed').map((state) => packs.get(state.id));
  const found = usable.find(({ pack }) => pack.task === 'findings' && pack.use !== 'test');
  if (found) return found;
  const failed = known.find((state) => state.state === 'failed');
  throw new AppError('refused', failed?.reason ?? 'Expected a model pack for findings, found none. Install one.');
}

/** One film: its reason. Several: each different reason with how many films have it. */
function refusalOf(reasons: string[]): string {
  const counted = new Map<string, number>();
  for (const reason of reasons) counted.set(reason, (counted.get(reason) ?? 0) + 1);
  const several = reasons.length > 1;
  const lines = [...counted].map(([reason, n]) => (several ? `${n} of ${reasons.length}: ${reason}` : reason));
  return `No draft was made. ${lines.join(' ')}`;
}
