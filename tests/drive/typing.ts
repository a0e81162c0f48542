/**
 * What the spelling check costs who types: the same text is typed into the same report with it on and off, in a real
 * browser, in turn. `node tests/drive/typing.ts [ROUNDS]` prints the time from key to picture, and the longest tasks of
 * the window's thread.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from '../../scripts/build.ts';
import { launchChromium } from '../viewer/chromium.ts';
import { startServer } from './server.ts';

const words =
  'The cardiomediastinal silhouette is unremarkable. No pnuemothorax or efusion. Degenrative changes of the thoracic spine with osteophytes. ';
const rounds = Number(process.argv[2] ?? 3);

build(['renderer']);
const home = mkdtempSync(path.join(tmpdir(), 'raddraft-typing-'));
const server = await startServer(home);
const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(server.address());
await page.getByRole('button', { name: 'Try the demo film' }).click();
await page.getByRole('button', { name: 'Write without AI' }).click();
const editor = page.getByRole('textbox', { name: 'Report text' });
await editor.getByRole('region', { name: 'Findings' }).locator('p').click();
// A long report to type in.
await page.keyboard.insertText(words.repeat(20));
await page.evaluate(() => {
  const seen: { keys: number[]; tasks: number[] } = { keys: [], tasks: [] };
  Object.assign(window, { seen });
  addEventListener(
    'keydown',
    () => {
      const begun = performance.now();
      requestAnimationFrame(() => setTimeout(() => seen.keys.push(performance.now() - begun)));
    },
    true,
  );
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: 'longtask',
  });
});

async function setSpelling(on: boolean): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('spelling and my words');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Spelling and my words' });
  await dialog.getByText(on ? 'Underline them' : 'Do not check', { exact: true }).click();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await editor.focus();
  await page.keyboard.press('Control+End');
  await page.waitForTimeout(1500);
}

const at = (list: readonly number[], share: number): string =>
  (list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) * share)] ?? 0).toFixed(1);

for (let round = 0; round < rounds; round++)
  for (const on of [true, false]) {
    await setSpelling(on);
    await page.evaluate(() => Object.assign((window as unknown as { seen: object }).seen, { keys: [], tasks: [] }));
    for (const sentence of words.split(/(?<=\. )/)) {
      await page.keyboard.type(sentence, { delay: 60 });
      // The hands rest: the words are looked at.
      await page.waitForTimeout(700);
    }
    const { keys, tasks } = await page.evaluate(
      () => (window as unknown as { seen: { keys: number[]; tasks: number[] } }).seen,
    );
    const marked = await editor.locator('.misspelt').count();
    console.log(
      `spelling ${on ? 'on ' : 'off'}: ${keys.length} keys, to the picture ${at(keys, 0.5)} ms (95 %: ${at(keys, 0.95)}, most ${at(keys, 1)}), ` +
        `${tasks.length} tasks over 50 ms${tasks.length > 0 ? ` (longest ${at(tasks, 1)})` : ''}, ${marked} words marked`,
    );
  }
await browser.close();
await server.close();
rmSync(home, { recursive: true, force: true });
