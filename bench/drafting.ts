/** How the window and the backend hold up while models run: a draft that the window asks for. */
import type { Page } from 'playwright-core';
import { JobId } from '#core/study/ids.ts';
import { launchChromium } from '../tests/viewer/chromium.ts';
import { copyOf, jpeg2000Film } from './films.ts';
import { rounds as looksOf, summary } from './looks.ts';
import { longestTask } from './pauses.ts';
import { openProgram, type Program } from './program.ts';
import type { Row } from './row.ts';
import { openWorkstation, temporaryHome, timed, upload } from './workstation.ts';

export async function drafting(rounds: number): Promise<Row> {
  const { home, remove } = temporaryHome('drafting');
  const browser = await launchChromium();
  try {
    const film = await jpeg2000Film();
    const filled = await openWorkstation(home);
    // The first film of each round is drafted by the window, the second without it.
    for (let copy = 0; copy < 2 * (rounds + 1); copy++) await upload(filled.api, copyOf(film, copy));
    await filled.close();
    const program = await openProgram(home);
    const { api } = await program.line();
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(program.address());
    const looks = await looksOf(rounds, async (round) => {
      await show(page, 2 * round);
      const { value: run, pause: window } = await longestTask(browser, page, () =>
        program.watch(() =>
          timed(async () => {
            await page.keyboard.press('d');
            await page.getByRole('textbox', { name: 'Report text' }).waitFor();
          }),
        ),
      );
      const alone = await without(api, 2 * round + 1);
      return { ours: run.value.ms, bare: alone, pauses: { backend: run.pause, window } };
    });
    await program.close();
    return {
      what: 'from the key to the draft in the window, a 2,000 × 2,500 JPEG 2000 film that is shown, warm engine',
      against: 'the same call without a window',
      goal: null,
      ...summary(looks),
    };
  } finally {
    await browser.close();
    remove();
  }
}

/** Opens the worklist's row, until all of its film is on the canvas. */
export async function show(page: Page, row: number): Promise<void> {
  const rows = page.getByRole('option');
  await rows.or(page.locator('.area')).first().waitFor();
  if (!(await rows.first().isVisible())) await page.keyboard.press('l');
  const before =
    (await page.locator('.area').count()) > 0 ? await page.locator('.area').getAttribute('data-image') : '';
  await rows.nth(row).click();
  await page.locator(`.area[aria-busy="false"]:not([data-image=""]):not([data-image="${before}"])`).waitFor();
  await page.getByText('No report yet').waitFor();
}

/** Milliseconds of the call for a film that is decoded. */
async function without(api: Awaited<ReturnType<Program['line']>>['api'], row: number): Promise<number> {
  const { studies } = await api['study.list']({ limit: 500 });
  const study = studies[row]?.id;
  if (!study) throw new Error('expected another study');
  const { series } = await api['study.open']({ study });
  for (const { id } of series.flatMap(({ instances }) => instances))
    await api['image.info']({ instance: id, frame: 0 });
  return (await timed(() => api['draft.make']({ job: JobId.parse('bench'), study }))).ms;
}
