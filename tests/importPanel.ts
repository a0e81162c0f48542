/** The window's panel on what became of the files, as a person reads it: headings with their reason, names below. */
import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';

const wait = { timeout: 60_000 };

export const importPanel = (page: Page): Locator => page.getByRole('region', { name: 'What became of the files' });

/** Scrolls the list, of which only what is in view exists, until the words are there. */
export async function inList(page: Page, words: string): Promise<void> {
  const list = importPanel(page).getByRole('list');
  await list.evaluate((element) => element.scrollTo(0, 0));
  await expect
    .poll(async () => {
      await list.evaluate((element) => element.scrollBy(0, 160));
      return list.getByText(words).count();
    }, wait)
    .toBeGreaterThan(0);
}

/** Every file of the list with the reason that it stands under, from its first row to its last. */
export async function reasonsInList(page: Page): Promise<Map<string, string>> {
  const rows = await importPanel(page)
    .getByRole('list')
    .evaluate(async (list) => {
      const seen = new Map<number, { text: string; heading: boolean }>();
      const frame = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next, 0)));
      let all = Infinity;
      for (let top = 0; seen.size < all; top += list.clientHeight / 2) {
        if (top > list.scrollHeight) throw new Error(`expected ${all} rows, found ${seen.size}`);
        list.scrollTo(0, top);
        await frame();
        for (const row of list.querySelectorAll('[role=listitem]')) {
          all = Number(row.getAttribute('aria-setsize'));
          const words = row.querySelector('.why') ?? row;
          seen.set(Number(row.getAttribute('aria-posinset')), {
            text: words.textContent,
            heading: row.querySelector('button') !== null,
          });
        }
      }
      return [...seen].toSorted(([a], [b]) => a - b).map(([, row]) => row);
    });
  const reasons = new Map<string, string>();
  let reason = '';
  for (const { text, heading } of rows) {
    if (heading) reason = text;
    else reasons.set(text, reason);
  }
  return reasons;
}
