/** Images that the reader keeps for the print of this study's report; they live as long as the study is open. */
import type { StudyId } from '#core/study/ids.ts';
import type { KeyImage } from './keyImage.ts';

const MOST = 6;

export function createKeyImages() {
  let kept = $state.raw<{ study: StudyId; list: readonly KeyImage[] } | null>(null);
  let withOverlay = $state(true);

  return {
    /** Printed with what is AI, where there is an overlay. */
    get withOverlay() {
      return withOverlay;
    },
    set withOverlay(to: boolean) {
      withOverlay = to;
    },
    of: (study: StudyId | null): readonly KeyImage[] => (kept !== null && kept.study === study ? kept.list : []),
    /** Answers whether there was room for it. */
    keep(study: StudyId, image: KeyImage): boolean {
      const list = this.of(study);
      if (list.length >= MOST) return false;
      kept = { study, list: [...list, image] };
      return true;
    },
    remove(image: KeyImage): void {
      if (kept) kept = { ...kept, list: kept.list.filter((one) => one !== image) };
    },
    clear: () => (kept = null),
  };
}
