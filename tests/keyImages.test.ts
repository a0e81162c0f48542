/** Key images: kept with the study they are of, there for who prints it later, and nothing else than pictures. */
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { MOST_KEY_IMAGES } from '#core/desk/keyImage.ts';
import { StudyId } from '#core/study/ids.ts';
import { draftId, peopledStation, signedIn } from './recordsStation.ts';

const study = StudyId.parse('1.2.3');
const picture = (grey: number): Uint8Array<ArrayBuffer> => {
  const png = new PNG({ width: 8, height: 6 });
  png.data.fill(grey);
  return new Uint8Array(PNG.sync.write(png));
};
const image = {
  ...{ study, draft: draftId, width: 8, height: 6, caption: 'CR PA · window 255, level 128', overlay: 'Overlay by AI' },
  ...{ plain: picture(40), marked: picture(200) },
};

describe('1 key images', () => {
  test('1.1 stay after the window closed and the program started anew, byte for byte, with and without overlay', async () => {
    const station = await peopledStation();
    const kept = await (await signedIn(station, 'reader')).api['keyImage.keep'](image);
    expect(kept).toMatchObject({ study, draft: draftId, caption: image.caption, login: 'reader' });
    const again = await station.again();
    const { api } = await signedIn(again, 'auditor');
    expect(await api['keyImage.of']({ study })).toEqual([kept]);
    for (const which of ['plain', 'marked'] as const)
      expect((await api['keyImage.picture']({ id: kept.id, which })).png).toEqual(image[which]);
    const rows = await api['audit.list']({ event: 'key-image.kept' });
    expect(rows.map(({ actor, subject }) => [actor, subject])).toEqual([['reader', study]]);
  });

  test('1.2 six of a study at most; one that was removed makes room, and its row of the log stays', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    for (let n = 0; n < MOST_KEY_IMAGES; n++) await api['keyImage.keep']({ ...image, marked: null, overlay: '' });
    await expect(api['keyImage.keep'](image)).rejects.toMatchObject({ code: 'refused' });
    const [first, ...others] = await api['keyImage.of']({ study });
    const id = first?.id ?? '';
    await expect(api['keyImage.picture']({ id, which: 'marked' })).rejects.toMatchObject({ code: 'not-found' });
    await api['keyImage.remove']({ id });
    await expect(api['keyImage.remove']({ id })).rejects.toMatchObject({ code: 'not-found' });
    expect(await api['keyImage.of']({ study })).toEqual(others);
    await api['keyImage.keep'](image);
    const auditor = (await signedIn(station, 'auditor')).api;
    expect(await auditor['audit.list']({ event: 'key-image.kept' })).toHaveLength(MOST_KEY_IMAGES + 1);
    expect(await auditor['audit.list']({ event: 'key-image.removed' })).toHaveLength(1);
  });

  test('1.3 what is no PNG of the size that is named, of another study, or kept by an auditor, is refused', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    const other = StudyId.parse('1.2.9');
    const wrong = [
      { ...image, plain: new Uint8Array([1, 2, 3]) },
      { ...image, width: 9 },
      { ...image, marked: new Uint8Array(60) },
      { ...image, plain: new Uint8Array(5_000_000) },
    ];
    for (const one of wrong) await expect(api['keyImage.keep'](one)).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(api['keyImage.keep']({ ...image, study: other })).rejects.toMatchObject({ code: 'not-found' });
    const auditor = (await signedIn(station, 'auditor')).api;
    await expect(auditor['keyImage.keep'](image)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await api['keyImage.of']({ study })).toEqual([]);
  });
});
