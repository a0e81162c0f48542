/** `study.*`: what is here, searched and opened. */
import { AppError } from '#contract/errors.ts';
import { listStudies, openStudy } from '../db/studies.ts';
import type { Area, Services } from './context.ts';
import type { Frames } from './frames.ts';

export function worklistCalls({ store }: Services, frames: Frames): Area<'study.list' | 'study.open'> {
  return {
    'study.list': async (query) => listStudies(store.read, query),
    'study.open': async ({ study }) => {
      const found = openStudy(store.read, study);
      if (!found) throw new AppError('not-found', 'Expected a study that is stored here, found none under this UID.');
      const first = found.series[0]?.instances[0];
      if (first) frames.expect(first.id, 0);
      return found;
    },
  };
}
