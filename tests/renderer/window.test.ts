/** The window from end to end: opened, drafted, edited, hidden, lost and found again, by keyboard, under the policy. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PNG } from 'pngjs';
import type { Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writePhantom } from '../e2e/phantoms.ts';
import { hasShared, needsShared, shared } from '../shared.ts';
import { heldAnswers } from './heldAnswers.ts';
import { editor, openPlace, openStudy, report, saved, status, toEnd, type Place } from './desk.ts';

let place: Place;
let page: Page;
beforeAll(async () => {
  place = await openPlace();
  page = await place.open();
}, 120_000);
afterAll(() => place.close());

const wait = { timeout: 60_000 };

/** A grey picture that shows nothing. */
function picture(grey: number): Buffer {
  const png = new PNG({ width: 64, height: 64 });
  png.data.fill(grey);
  return PNG.sync.write(png);
}

/** A DICOM film of a patient of its own. */
function phantomFilm(number: number): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-film-'));
  const film = readFileSync(writePhantom(folder, number));
  rmSync(folder, { recursive: true });
  return film;
}

async function pick(on: Page, files: { name: string; mimeType: string; buffer: Buffer }[] | string): Promise<void> {
  const chooser = on.waitForEvent('filechooser');
  await on.keyboard.press('Control+o');
  await (await chooser).setFiles(files);
}

async function describePicture(on: Page, id: string, shows: string): Promise<void> {
  const form = on.getByRole('dialog', { name: 'What does this picture show?' });
  await form.getByText(shows, { exact: true }).click();
  await form.getByLabel('Patient id').fill(id);
  await form.getByLabel('Age in years').fill('59');
  await form.getByRole('button', { name: 'Open it', exact: true }).click();
  await form.waitFor({ state: 'hidden' });
}

describe('1 from nothing to a draft', () => {
  test('1.1 an empty program teaches the next step, and says what it is not for', async () => {
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Open your first study');
    expect(await status(page).textContent()).toContain('For research and evaluation. Not for clinical use.');
    expect(page.url()).not.toContain('token');
  });

  test('1.2 the demo film opens and says that it is synthetic', async () => {
    await page.getByRole('button', { name: 'Try the demo film' }).click();
    await page.getByText('No report yet').waitFor(wait);
    await page.getByText('SYNTHETIC', { exact: true }).first().waitFor();
  });

  test('1.3 one key drafts; what ran is in the status bar; nothing was changed yet', async () => {
    await page.keyboard.press('d');
    await editor(page).waitFor(wait);
    expect(await editor(page).getByRole('img', { name: 'Drafted by AI, unchanged' }).count()).toBeGreaterThan(2);
    await report(page).getByText('AI draft').waitFor();
    await report(page).getByText('Not a film of a person').first().waitFor();
    await status(page)
      .getByText(/CPU|CUDA|DirectML/)
      .first()
      .waitFor();
    // Why something faster does not run waits behind the engine's name, and is said in its settings.
    expect(await status(page).textContent()).not.toContain('not used');
    const why = (await status(page).getByRole('button').first().getAttribute('title')) ?? '';
    await status(page).getByRole('button').first().click();
    await page.getByRole('dialog').getByText('Run models on').first().waitFor();
    if (why !== '') await page.getByRole('dialog').getByText(why).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  test('1.4 a finding names its band; its figures come on demand', async () => {
    const findings = page.getByRole('region', { name: 'Findings of the model' });
    await findings.getByRole('listitem').first().getByRole('button').click();
    const evidence = page.getByRole('region', { name: 'Evidence' });
    await evidence
      .getByText(/unlikely|possible|likely/)
      .first()
      .waitFor();
    expect(await evidence.getByText('AUC').count()).toBe(0);
    await evidence.getByRole('button', { name: /Figures/ }).click();
    await evidence.getByText('AUC').waitFor();
    await page.keyboard.press('x');
    await evidence.getByText('AUC').waitFor({ state: 'hidden' });
  });
});

describe('1b the display', () => {
  test('1.5 turned, mirrored and inverted, it changes no word and no finding', async () => {
    const words = () => editor(page).innerText();
    const findings = () => page.getByRole('region', { name: 'Findings of the model' }).innerText();
    const before = [await words(), await findings()];
    const letters = () => page.locator('.letter').allTextContents();
    const shown = await letters();
    await page.locator('.area').focus();
    for (const key of ['h', 'r', 'v']) {
      const previous = await letters();
      await page.keyboard.press(key);
      await expect.poll(letters).not.toEqual(previous);
      expect([await words(), await findings()]).toEqual(before);
    }
    await page.keyboard.press('i');
    await page.getByText('inverted', { exact: false }).first().waitFor();
    expect([await words(), await findings()]).toEqual(before);
    await page.keyboard.press('0');
    await expect.poll(letters).toEqual(shown);
  });
});

describe('2 editing', () => {
  test('2.1 a changed sentence is AI edited, a new one is the reader’s own', async () => {
    const technique = editor(page).getByRole('region', { name: 'Technique' });
    await technique.locator('p').click();
    await page.keyboard.press('Home');
    await page.keyboard.type('Supine ');
    await technique.getByRole('img', { name: 'Drafted by AI, edited' }).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.type(' Seen at the bedside.');
    expect(await technique.getByRole('img').count()).toBe(1);
    await page.getByRole('region', { name: 'Evidence' }).getByText('Written by the reader').waitFor();
    await report(page).getByText('In progress').waitFor();
  });

  test('2.2 what was typed is stored by itself and is there in another window', async () => {
    await saved(page);
    const other = await place.open();
    await openStudy(other, 'SYNTHETIC');
    await editor(other).getByText('Seen at the bedside.').waitFor(wait);
    await other.getByRole('img', { name: 'Drafted by AI, edited' }).waitFor();
    await other.close();
  });

  test('2.3 undo takes it back; everything deleted and undone is as it was', async () => {
    await toEnd(page);
    const before = await editor(page).innerText();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    expect(await editor(page).getByRole('region').count()).toBe(5);
    expect(await editor(page).innerText()).not.toContain('bedside');
    await page.keyboard.press('Control+z');
    expect(await editor(page).innerText()).toBe(before);
  });

  test('2.4 pasted markup is plain text', async () => {
    await toEnd(page);
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/html', '<b onclick="alert(1)">bold</b>');
      data.setData('text/plain', ' Pasted words.');
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await editor(page).getByText('Pasted words.').waitFor();
    expect(await editor(page).locator('b').count()).toBe(0);
    await page.keyboard.press('Control+z');
  });

  test('2.5 Ctrl S keeps a version, which can be read again', async () => {
    await page.keyboard.press('Control+s');
    await page.getByText(/Version 2 kept/).waitFor();
    await page.keyboard.press('Control+h');
    const versions = page.getByRole('dialog', { name: 'Versions' });
    await versions.getByRole('button', { name: /Version 1/ }).click();
    await expect.poll(() => versions.getByRole('article').innerText(), wait).not.toContain('bedside');
    expect(await versions.getByRole('article').innerText()).toContain('Chest radiograph');
    await page.keyboard.press('Escape');
    await versions.waitFor({ state: 'hidden' });
  });

  test('2.6 one key covers what is AI, and nothing can be typed into what cannot be seen', async () => {
    await page.keyboard.press('Escape'); // from the text to the image
    await page.keyboard.press('a');
    await editor(page).getByText('AI sentence hidden').first().waitFor();
    expect(await editor(page).innerText()).not.toContain('Chest radiograph');
    expect(await editor(page).innerText()).toContain('Seen at the bedside.');
    expect(await page.getByRole('region', { name: 'Findings of the model' }).count()).toBe(0);
    expect(await editor(page).getAttribute('contenteditable')).toBe('false');
    await page.keyboard.press('a');
    await editor(page).getByText('Chest radiograph').waitFor();
  });

  test('2.7 what another window saves leaves the caret between the words where it was', async () => {
    const other = await place.open();
    await openStudy(other, 'SYNTHETIC');
    await editor(other).waitFor(wait);
    await toEnd(page);
    await editor(other).getByRole('region', { name: 'Comparison' }).locator('p').click();
    await other.keyboard.type('From the other window.');
    await saved(other);
    await editor(page).getByText('From the other window.').waitFor(wait);
    await page.keyboard.type(' Written where the caret was.');
    const impression = editor(page).getByRole('region', { name: 'Impression' });
    await impression.getByText('Written where the caret was.').waitFor();
    await saved(page);
    await other.close();
  });
});

describe('3 files', () => {
  test('3.1 what cannot be read is refused by name, beside the file', async () => {
    await pick(page, [{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no image') }]);
    const panel = page.getByRole('region', { name: 'What became of the files' });
    await panel.getByText('notes.txt').waitFor(wait);
    await panel.getByText('1 file refused').waitFor();
    await panel.getByRole('button', { name: 'Close' }).click();
  });

  test('3.2 a picture is asked about; what is missing is said at the field', async () => {
    await pick(page, [{ name: 'phone.png', mimeType: 'image/png', buffer: picture(90) }]);
    const form = page.getByRole('dialog', { name: 'What does this picture show?' });
    await form.getByText('phone.png').waitFor(wait);
    await form.getByRole('button', { name: 'Open it', exact: true }).click();
    await form.getByText('Choose what the picture shows.').waitFor();
    await form.getByText('An id is needed').waitFor();
    await describePicture(page, 'PHONE-1', 'Something else');
    await report(page).getByText('No report yet').waitFor(wait);
  });

  test('3.3 a film that no model reads is refused with its reason, beside it', async () => {
    await page.keyboard.press('d');
    await report(page).getByText('No draft was made.').waitFor(wait);
    await openStudy(page, 'SYNTHETIC');
    await openStudy(page, 'PHONE-1');
    await report(page).getByText('No film of this study was accepted').waitFor();
  });

  test('3.4 the list is searched and says when nothing matches', async () => {
    await page.keyboard.press('/');
    const search = page.getByRole('combobox', { name: 'Search studies' });
    await search.fill('PHONE');
    const options = page.getByRole('option');
    await expect.poll(() => options.count()).toBe(1);
    expect(await options.first().textContent()).toContain('refused');
    await search.fill('nobody of this name');
    await page.getByText('No study found').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => options.count()).toBe(2);
    await page.keyboard.press('Escape');
    await search.waitFor({ state: 'hidden' });
  });
});

describe('4 whose job it is', () => {
  test('4.1 a draft that ends after the reader went on to another study never touches that one', async () => {
    const late = heldAnswers('draft.make');
    const own = await place.open(late.route);
    await own.keyboard.press('Escape'); // the drawer that opens with the window
    await pick(own, [{ name: 'other.dcm', mimeType: 'application/dicom', buffer: phantomFilm(41) }]);
    await report(own).getByText('No report yet').waitFor(wait);
    await own.keyboard.press('d');
    await report(own)
      .getByText(/Drafting/)
      .waitFor();
    await openStudy(own, 'PHONE-1');
    await report(own).getByText('No film of this study').waitFor();
    await late.held;
    late.release();
    await own.getByText('The draft of the other study is ready').waitFor();
    await status(own).getByText('Drafting').waitFor({ state: 'hidden' });
    expect(await editor(own).count()).toBe(0);
    await report(own).getByText('No film of this study').waitFor();
    await openStudy(own, 'E2E-41');
    await editor(own).getByText('Chest radiograph').waitFor(wait);
    await own.close();
  });

  test('4.2 a draft that is asked for before the study’s report is known is made once it is', async () => {
    const late = heldAnswers('draft.open');
    const own = await place.open(late.route);
    await openStudy(own, 'PHONE-1');
    await late.held;
    await own.keyboard.press('d');
    late.release();
    await report(own).getByText('No draft was made.').waitFor(wait);
    await own.close();
  });
});

describe('5 when the line breaks', () => {
  let cut: () => Promise<void>;
  let mend: () => void;
  let broken = false;
  let own: Page;

  beforeAll(async () => {
    const lines: WebSocketRoute[] = [];
    own = await place.open((fresh) =>
      fresh.routeWebSocket(/\/rpc\b/, (line) => {
        if (broken) return void line.close();
        line.connectToServer();
        lines.push(line);
      }),
    );
    cut = async () => {
      broken = true;
      for (const line of lines.splice(0)) await line.close();
    };
    mend = () => (broken = false);
    await openStudy(own, 'SYNTHETIC');
    await editor(own).waitFor(wait);
  });
  afterAll(() => own.close());

  test('5.1 the text is kept, “Not saved” is said, and all of it is stored when the line is back', async () => {
    await toEnd(own);
    await cut();
    await own.getByText('Your text stays in this window').waitFor();
    await own.keyboard.type(' Typed without a line.');
    await status(own).getByText('Not saved').waitFor();
    mend();
    await saved(own);
    expect(await editor(own).innerText()).toContain('Typed without a line.');
    const other = await place.open();
    await openStudy(other, 'SYNTHETIC');
    await editor(other).getByText('Typed without a line.').waitFor(wait);
    await other.close();
  });

  test('5.2 two texts of one report: the reader chooses, and neither is lost', async () => {
    await cut();
    await own.getByText('Your text stays in this window').waitFor();
    await toEnd(own);
    await own.keyboard.type(' Mine.');
    const other = await place.open();
    await openStudy(other, 'SYNTHETIC');
    await editor(other).waitFor(wait);
    await toEnd(other);
    await other.keyboard.type(' Theirs.');
    await saved(other);
    mend();
    await report(own).getByText('changed somewhere else').waitFor(wait);
    expect(await editor(own).innerText()).toContain('Mine.');
    await report(own).getByRole('button', { name: 'Go on with mine' }).click();
    await saved(own);
    expect(await editor(own).innerText()).not.toContain('Theirs.');
    await editor(other).getByText('Mine.').waitFor(wait); // the other window follows
    await own.keyboard.press('Control+h');
    const versions = own.getByRole('dialog', { name: 'Versions' });
    await versions.getByRole('article').getByText('Theirs.').waitFor();
    await own.keyboard.press('Escape');
    await other.close();
  });

  test('5.3 a window that opens while another one changes a study shows the studies', async () => {
    const late = heldAnswers('study.list');
    const opening = place.open(late.route);
    await late.held;
    await pick(own, [{ name: 'meanwhile.dcm', mimeType: 'application/dicom', buffer: phantomFilm(42) }]);
    await report(own).getByText('No report yet').waitFor(wait);
    late.release();
    await (await opening).close();
  });
});

describe('6 keys and settings', () => {
  test('6.1 a key is changed by pressing it; a conflict is named; the new key works', async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByRole('button', { name: /Key of Draft report: D/ }).click();
    await page.keyboard.press('i');
    await settings.getByText('also: Invert').waitFor();
    await settings.getByRole('button', { name: /Key of Draft report: I/ }).click();
    await page.keyboard.press('F8');
    await settings.getByText('also: Invert').waitFor({ state: 'hidden' });
    await settings.getByRole('button', { name: /Key of Settings…/ }).click();
    await page.keyboard.press('F9');
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'hidden' });
    await page.keyboard.press('F9');
    await settings.waitFor();
    await settings.getByRole('tab', { name: 'Keys' }).click();
    await settings.getByRole('button', { name: 'Reset all' }).click();
    await settings.getByRole('button', { name: /Key of Draft report: D/ }).waitFor();
  });

  test('6.2 the engine page says what ran, the models page shows the weakest figure first and the card', async () => {
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByRole('tab', { name: 'Engine' }).click();
    await settings.getByText('Nodes of the graph').waitFor();
    await settings.getByRole('tab', { name: 'Models' }).click();
    const figures = await settings
      .getByRole('table')
      .filter({ hasText: 'AUC' })
      .locator('tbody td:nth-of-type(1)')
      .allTextContents();
    const aucs = figures.map((text) => Number.parseFloat(text));
    expect(aucs.length).toBeGreaterThan(1);
    expect(aucs).toEqual([...aucs].sort((a, b) => a - b));
    await settings.getByRole('button', { name: 'Model card' }).first().click();
    await settings.getByRole('heading', { level: 3 }).first().waitFor();
    await page.keyboard.press('Escape');
  });

  test('6.3 every command is in the palette, found by name', async () => {
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'All commands' });
    await palette.getByRole('combobox').fill('rotate ri');
    await expect.poll(() => palette.getByRole('option').count()).toBe(1);
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'hidden' });
  });
});

describe.skipIf(!hasShared)(needsShared('7 a real film'), () => {
  test('7.1 a sentence shows its region, and a region finds its sentence', async () => {
    await pick(page, shared('data/images/nih-00000211_013.jpg'));
    await describePicture(page, 'REAL-1', 'Chest, AP');
    await report(page).getByText('No report yet').waitFor(wait);
    await page.keyboard.press('d');
    await editor(page).waitFor(wait);
    const findings = editor(page).getByRole('region', { name: 'Findings' });
    const sentence = findings
      .locator('p')
      .filter({ hasText: / is (very likely|likely|possible|flagged)/ })
      .first();
    const name = (await sentence.innerText()).replace(/ is (very likely|likely|possible|flagged)[\s\S]*/, '');
    await sentence.click();
    const row = page
      .getByRole('region', { name: 'Findings of the model' })
      .getByRole('button', { name, pressed: true });
    await row.waitFor();
    await page.getByText('where the model looked', { exact: false }).first().waitFor();
    await row.click(); // takes the choice back
    await row.waitFor({ state: 'hidden' });
    expect(await sentence.locator('.s-on').count()).toBe(0);
    const region = page.getByRole('region', { name: 'Images' }).getByText(name, { exact: true }).first();
    await region.click();
    await sentence.locator('.s-on').first().waitFor();
  });
});

describe('7b going on', () => {
  test('7.3 a draft that is asked for while the next study is being opened is that one’s, not that of the film still shown', async () => {
    const late = heldAnswers('study.open');
    late.release();
    const own = await place.open(late.route);
    await own.keyboard.press('Escape'); // the drawer that opens with the window
    for (const number of [43, 44]) {
      await pick(own, [{ name: `${number}.dcm`, mimeType: 'application/dicom', buffer: phantomFilm(number) }]);
      await own.locator('header.banner').getByText(`E2E-${number}`).waitFor(wait);
    }
    await report(own).getByText('No report yet').waitFor(wait);
    late.hold();
    await own.keyboard.press('j');
    await late.held;
    await own.keyboard.press('d');
    late.release();
    await own.locator('header.banner').getByText('E2E-43').waitFor(wait);
    await editor(own).getByText('Chest radiograph').waitFor(wait);
    await own.keyboard.press('k');
    await own.locator('header.banner').getByText('E2E-44').waitFor(wait);
    await report(own).getByText('No report yet').waitFor(wait);
    await own.close();
  });
});

describe('8 what the window never does', () => {
  test('8.1 no error, and nothing that the security policy had to refuse', () => {
    // A line that is cut on purpose is reported by the browser itself.
    expect(place.complaints.filter((text) => !/WebSocket/.test(text))).toEqual([]);
  });

  test('8.2 the title carries nothing of a patient', async () => {
    expect(await page.title()).toBe('RadDraft');
  });
});
