/** A film of a study in the reader's words: its view, its number, never its UID. */
import type { InstanceId } from '#core/study/ids.ts';
import type { Study } from '#core/study/study.ts';

export function filmName(study: Study, id: InstanceId): string {
  for (const series of study.series)
    for (const { id: own, header, number } of series.instances) {
      if (own !== id) continue;
      const what = header.viewPosition || series.description || series.modality;
      return number === null ? `the ${what} film` : `the ${what} film (image ${number})`;
    }
  return 'another film';
}
