/** What a sentence rests on, shown on the film: the ratio's two lines, one outline of many; and drafts in German. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasShared, needsShared, shared } from '../shared.ts';
import { editor, openPlace, type Place } from './desk.ts';

let place: Place;
beforeAll(async () => {
  place = await openPlace();
}, 120_000);
afterAll(() => place.close());

const wait = { timeout: 60_000 };
const lines = (page: Page) => page.locator('path[data-line]');
const standingOut = (page: Page) => page.locator('path[data-line][data-selected="true"]');
const outlines = (page: Page) => page.locator('.regions .mark');
const names = (page: Page) => page.locator('.regions ~ button.tag');

async function drafted(page: Page): Promise<void> {
  await page.getByText('No report yet').waitFor(wait);
  await page.keyboard.press('d');
  await editor(page).waitFor(wait);
  await lines(page).first().waitFor({ state: 'attached' });
}

describe('1 the ratio', () => {
  test('1.1 its sentence points out its two lines, another sentence does not', async () => {
    const page = await place.open();
    await page.getByRole('button', { name: 'Try the demo film' }).click();
    await drafted(page);
    expect(await lines(page).count()).toBe(2);
    expect(await standingOut(page).count()).toBe(0);
    const strokes = () => lines(page).evaluateAll((all) => all.map((line) => getComputedStyle(line).strokeWidth));
    const thin = await strokes();
    await editor(page).getByText('Cardiothoracic ratio').click();
    await expect.poll(() => standingOut(page).count()).toBe(2);
    for (const [i, width] of (await strokes()).entries())
      expect(parseFloat(width)).toBeGreaterThan(parseFloat(thin[i] ?? ''));
    await editor(page).getByText('Chest radiograph').click();
    await expect.poll(() => standingOut(page).count()).toBe(0);
    await page.close();
  });
});

describe.skipIf(!hasShared)(needsShared('2 more than two outlines'), () => {
  test('2.1 are hidden until a name, a sentence or a line of the list is pointed at or selected', async () => {
    const page = await place.open();
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Control+o');
    await (await chooser).setFiles(shared('data/images/nih-00009925_012.jpg'));
    const form = page.getByRole('dialog', { name: 'What does this picture show?' });
    await form.getByText('Chest, AP', { exact: false }).click();
    await form.getByLabel('Patient id').fill('OUTLINES');
    await form.getByLabel('Age in years').fill('55');
    await form.getByRole('button', { name: 'Open it', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await drafted(page);
    const count = await names(page).count();
    expect(count).toBeGreaterThan(2);
    const shown = () => outlines(page).evaluateAll((all) => all.map((mark) => mark.getAttribute('data-label')));
    const away = () => page.mouse.move(2, 2);
    await away();
    await expect.poll(shown).toHaveLength(0);
    for (let i = 0; i < count; i++) {
      await names(page).nth(i).hover();
      await expect.poll(shown).toHaveLength(1);
      await away();
      await expect.poll(shown).toHaveLength(0);
    }
    const list = page.getByRole('region', { name: 'Findings of the model' });
    await list.getByRole('button', { name: /^Lung opacity/ }).hover();
    await expect.poll(shown).toEqual(['lung-opacity']);
    await away();
    const sentence = editor(page).getByText('Pneumonia is', { exact: false });
    await sentence.hover();
    await expect.poll(shown).toEqual(['pneumonia']);
    await sentence.click();
    await away();
    await expect.poll(shown).toEqual(['pneumonia']);
    await editor(page).getByText('Chest radiograph').click();
    await away();
    await expect.poll(shown).toEqual([]);
    await page.close();
  });
});

describe('3 another language', () => {
  test('3.1 the setting is taken by the next draft, sentence by sentence', async () => {
    const own = await openPlace();
    try {
      const page = await own.open();
      await page.keyboard.press('Control+,');
      await page.getByText('Deutsch', { exact: true }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Try the demo film' }).click();
      await drafted(page);
      await editor(page).getByText('Röntgenaufnahme des Thorax, PA-Strahlengang.').waitFor();
      await editor(page).getByRole('region', { name: 'Beurteilung' }).getByText('Kein geprüfter Befund').waitFor();
      await editor(page).getByText('Keine Aufnahme eines Menschen').waitFor();
      expect(await editor(page).innerText()).not.toMatch(/radiograph|assessed|Cardiothoracic|research/);
      expect(own.complaints).toEqual([]);
    } finally {
      await own.close();
    }
  });
});

test('4.1 no window complained', () => {
  expect(place.complaints).toEqual([]);
});
