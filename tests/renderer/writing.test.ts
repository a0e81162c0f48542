/** Templates of others and the spelling check, in the window, by keyboard. */
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriousOf } from './serious.ts';
import { editor, openPlace, saved, type Place } from './desk.ts';

let place: Place;
let page: Page;
beforeAll(async () => {
  place = await openPlace();
  page = await place.open();
  page.setDefaultTimeout(15_000);
  await page.getByRole('button', { name: 'Try the demo film' }).click();
  await page.getByRole('button', { name: 'Write without AI' }).click();
  await editor(page).waitFor();
}, 120_000);
afterAll(() => place.close());

/** Pictures for who wants to look: set SCREENS to a folder. */
async function picture(name: string): Promise<void> {
  const folder = process.env['SCREENS'];
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
const section = (name: string) => editor(page).getByRole('region', { name });
const marks = () => editor(page).locator('.misspelt').allInnerTexts();

describe('1 a template of the RSNA’s form', () => {
  const dialog = () => page.getByRole('dialog', { name: 'Phrases and templates' });
  const choose = async (file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await dialog().getByRole('button', { name: 'Import template…' }).focus();
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(file);
  };

  test('1.1 is shown as it would be stored, with what is left out, and not stored by that', async () => {
    await page.keyboard.press('Control+Shift+E');
    await choose({
      name: 'hostile.html',
      mimeType: 'text/html',
      buffer: Buffer.from(
        `<html><head><title>Hostile</title></head><body><section data-section-name="Findings"><p>The lungs are clear.
         <img src="x" onerror="document.title='hacked'"><script>document.title='hacked'</script></p></section></body></html>`,
      ),
    });
    await dialog().getByText('The lungs are clear.').waitFor();
    await dialog().getByText('Left out: 1 event handler, 1 image, 1 script.').waitFor();
    expect(await seriousOf(page)).toEqual([]);
    await picture('hostile');
    await dialog().getByRole('button', { name: 'Do not store' }).focus();
    await page.keyboard.press('Enter');
    expect(await dialog().getByRole('list', { name: 'Phrases' }).getByRole('button').count()).toBe(2);
    expect(await page.title()).not.toContain('hacked');
  });

  test('1.2 a file that is none says what was expected, what was found, and what to do', async () => {
    await choose({ name: 'news.html', mimeType: 'text/html', buffer: Buffer.from('<html><p>News</p></html>') });
    await dialog()
      .getByRole('alert')
      .getByText(/^Expected a radiology report template .+ found an HTML page/)
      .waitFor();
    await picture('refused');
  });

  test('1.3 is stored, and typed by its shortcut; its choices and fields are ours', async () => {
    await choose(path.join(import.meta.dirname, '../templates/chest.html'));
    await dialog().getByText('Example Hospital').waitFor();
    expect(await seriousOf(page)).toEqual([]);
    await picture('template');
    await dialog().getByLabel('Shortcut').fill('chest');
    await dialog().getByLabel('Only view').fill('');
    await dialog().getByText('Any sex').click();
    await dialog().getByRole('button', { name: 'Store template' }).focus();
    await page.keyboard.press('Enter');
    await dialog().getByRole('button', { name: '.chest Chest radiograph' }).waitFor();
    await picture('stored');
    await page.keyboard.press('Escape');
    await section('Indication').locator('p').click();
    await page.keyboard.type('.che');
    await page.getByRole('status').filter({ hasText: 'Chest radiograph' }).waitFor();
    await page.keyboard.press('Tab');
    await section('Findings').getByText('Both lungs are clear.').waitFor();
    await picture('inserted');
    // Complaint, projection, the heart, the size, two tick boxes, the impression.
    await page.keyboard.type('Cough');
    await page.keyboard.press('Tab');
    for (const digit of ['1', '1']) await page.keyboard.press(digit);
    await page.keyboard.type('4');
    await page.keyboard.press('Tab');
    await page.getByRole('status').filter({ hasText: 'leave it out' }).waitFor();
    await picture('choice');
    for (const digit of ['1', '1', '2']) await page.keyboard.press(digit);
    await saved(page);
    expect(await editor(page).innerText()).not.toMatch(/[[\]{}]/);
    await section('Impression').getByText('See findings.').waitFor();
    await section('Findings').getByText('Largest nodule: 4 mm').waitFor();
    expect(await section('Findings').innerText()).not.toContain('central line');
  });
});

describe('2 spelling', () => {
  test('2.1 unknown words get a dotted line when the hands rest, and nothing changes by itself', async () => {
    await section('Impression').locator('p').last().click();
    await page.keyboard.press('End');
    await page.keyboard.type(' No pnuemothorax or efusion at T12, 5mm; kVp and PICC stay. Bilatral');
    const unknown = editor(page).locator('.misspelt').first();
    await unknown.waitFor();
    await expect.poll(marks, { timeout: 15_000 }).toEqual(['pnuemothorax', 'efusion']);
    expect(await unknown.getAttribute('aria-invalid')).toBe('spelling');
    expect(await unknown.evaluate((word) => getComputedStyle(word).textDecorationStyle)).toBe('dotted');
    await page.keyboard.type(' ');
    await editor(page).locator('.misspelt', { hasText: 'Bilatral' }).waitFor();
    await section('Impression').getByText('No pnuemothorax or efusion at T12, 5mm').waitFor();
    expect(await seriousOf(page)).toEqual([]);
    await picture('spelling');
  });

  test('2.2 by keyboard: the next unknown word, what may be meant, and one undo', async () => {
    // From the image, too: the command brings the text along.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+.');
    const hint = page.getByRole('status', { name: 'Spelling' });
    await hint.getByText('pneumothorax', { exact: false }).first().waitFor();
    await picture('suggestions');
    await page.keyboard.press('1');
    await section('Impression').getByText('No pneumothorax or efusion').waitFor();
    await hint.waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+z');
    await section('Impression').getByText('No pnuemothorax').waitFor();
    await page.keyboard.press('Control+y');
    await page.keyboard.press('Control+.');
    await hint.getByText('effusion').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await hint.waitFor({ state: 'hidden' });
    await section('Impression').getByText('efusion').waitFor();
  });

  test('2.3 a word becomes one’s own, is listed, and can go again', async () => {
    await page.keyboard.press('Control+.');
    const hint = page.getByRole('status', { name: 'Spelling' });
    await hint.getByText('Add “efusion” to my words').click();
    await editor(page).locator('.misspelt', { hasText: 'efusion' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('spelling and my words');
    await page.keyboard.press('Enter');
    const words = page.getByRole('dialog', { name: 'Spelling and my words' });
    await words.getByText('efusion', { exact: true }).waitFor();
    expect(await seriousOf(page)).toEqual([]);
    await picture('words');
    await words.getByRole('button', { name: 'Remove efusion' }).click();
    await words.getByText('No words were added yet').waitFor();
    await page.keyboard.press('Escape');
    await editor(page).locator('.misspelt', { hasText: 'efusion' }).waitFor();
  });

  test('2.4 another language than the dictionary’s is not checked, and that is said; so is “off”', async () => {
    const setting = async (name: string, choice: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(name);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByText(choice, { exact: true }).click();
      await page.keyboard.press('Escape');
      await editor(page).focus();
      await page.keyboard.press('End');
    };
    await setting('settings', 'Deutsch');
    await page.getByText('this report is in German, and the dictionary is English').waitFor();
    await editor(page).locator('.misspelt').first().waitFor({ state: 'detached' });
    await picture('german');
    await setting('settings', 'English');
    await editor(page).locator('.misspelt').first().waitFor();
    await setting('Spelling and my words', 'Do not check');
    await editor(page).locator('.misspelt').first().waitFor({ state: 'detached' });
    await page.keyboard.press('Control+.');
    await page.getByRole('status', { name: 'Spelling' }).getByText('it is switched off').waitFor();
    await page.keyboard.press('Escape');
    expect(place.complaints).toEqual([]);
  });
});
