/** How the window and the backend hold up while models run: a draft that the window asks for. */
import { JobId, type StudyId } from '#core/study/ids.ts';
import { launchChromium } from '../tests/viewer/chromium.ts';
import { copyOf, jpeg2000Film } from './films.ts';
import { longer, longestPause, longestTask, type Pause } from './pauses.ts';
import type { Row } from './row.ts';
import { median, openWindow, openWorkstation, temporaryHome, timed, upload } from './workstation.ts';

export async function drafting(rounds: number): Promise<Row> {
  const { home, remove } = temporaryHome('drafting');
  const browser = await launchChromium();
  try {
    const film = await jpeg2000Film();
    const station = await openWorkstation(home);
    const make = (study: StudyId) => station.api['draft.make']({ job: JobId.parse('bench'), study });
    // The first film of each round is drafted by the window, the second without it.
    const studies: StudyId[] = [];
    for (let copy = 0; copy < 2 * (rounds + 1); copy++) studies.push(await upload(station.api, copyOf(film, copy)));
    const { page, close } = await openWindow(browser, station);
    const [ours, bare]: [number[], number[]] = [[], []];
    const none: Pause = { wall: 0, cpu: 0 };
    let pauses = { backend: none, window: none };
    for (let round = 0; round <= rounds; round++) {
      if (!(await page.getByRole('option').first().isVisible())) await page.keyboard.press('l');
      await page
        .getByRole('option')
        .nth(2 * round)
        .click();
      await page.locator('.area[aria-busy="false"]:not([data-image=""])').waitFor();
      await page.getByText('No report yet').waitFor();
      const { value: run, pause: window } = await longestTask(browser, page, () =>
        longestPause(() =>
          timed(async () => {
            await page.keyboard.press('d');
            await page.getByRole('textbox', { name: 'Report text' }).waitFor();
          }),
        ),
      );
      const listed = await station.api['study.list']({ limit: 500 });
      const other = listed.studies[2 * round + 1];
      if (!other) throw new Error('expected another study');
      const alone = await timed(() => make(other.id));
      if (round === 0) continue; // the first draft also warms the engine and the page
      ours.push(run.value.ms);
      bare.push(alone.ms);
      pauses = { backend: longer(pauses.backend, run.pause), window: longer(pauses.window, window) };
    }
    close();
    await station.close();
    return {
      what: 'from the key to the draft in the window, a 2,000 × 2,500 JPEG 2000 film that is shown, warm engine',
      ours: median(ours),
      bare: median(bare),
      against: 'the same call without a window, of a film that is not',
      goal: null,
      pauses,
    };
  } finally {
    await browser.close();
    remove();
  }
}
