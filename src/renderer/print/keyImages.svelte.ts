/** Images that readers kept for the print of a study's report, with their pictures as this window has loaded them. */
import type { KeyImage } from '#core/desk/keyImage.ts';
import type { DraftId, StudyId } from '#core/study/ids.ts';
import type { Link } from '../link/link.ts';
import type { Taken } from './keyImage.ts';

export interface ShownKeyImage extends KeyImage {
  /** URLs; `marked` is empty where there is no overlay. */
  plain: string;
  marked: string;
}

export function createKeyImages({ api, on }: Link) {
  let shown = $state.raw<{ study: StudyId; list: readonly ShownKeyImage[] } | null>(null);
  let withOverlay = $state(true);

  const listOf = (study: StudyId | null): readonly ShownKeyImage[] =>
    shown !== null && shown.study === study ? shown.list : [];
  async function url(id: string, which: 'plain' | 'marked'): Promise<string> {
    const { png } = await api['keyImage.picture']({ id, which });
    return URL.createObjectURL(new Blob([png], { type: 'image/png' }));
  }
  const forget = (list: readonly ShownKeyImage[]) => {
    for (const image of list) for (const one of [image.plain, image.marked]) URL.revokeObjectURL(one);
  };

  /** Reads what is kept of this study; a picture that is here is not fetched again. */
  async function load(study: StudyId): Promise<readonly ShownKeyImage[]> {
    const before = listOf(study);
    const kept = await api['keyImage.of']({ study });
    const list = await Promise.all(
      kept.map(async (image): Promise<ShownKeyImage> => {
        const known = before.find(({ id }) => id === image.id);
        if (known) return known;
        const marked = image.overlay === '' ? '' : await url(image.id, 'marked');
        return { ...image, plain: await url(image.id, 'plain'), marked };
      }),
    );
    forget((shown?.list ?? []).filter(({ id }) => !list.some((image) => image.id === id)));
    shown = { study, list };
    return list;
  }
  on('keyImage.changed', ({ study }) => {
    // Another window kept or removed one of what is shown here.
    if (shown?.study === study) void load(study).catch(() => undefined);
  });

  return {
    /** Printed with what is AI, where there is an overlay. */
    get withOverlay() {
      return withOverlay;
    },
    set withOverlay(to: boolean) {
      withOverlay = to;
    },
    of: listOf,
    load,
    /** Answers how many there are now; throws what the backend refused. */
    async keep(study: StudyId, draft: DraftId | null, image: Taken): Promise<number> {
      await api['keyImage.keep']({ study, draft, ...image });
      return (await load(study)).length;
    },
    remove: async ({ id, study }: KeyImage): Promise<void> => {
      await api['keyImage.remove']({ id });
      await load(study);
    },
    clear(): void {
      forget(shown?.list ?? []);
      shown = null;
    },
  };
}
