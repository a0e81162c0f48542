/** `keyImage.*`: what readers keep of a study for its print. It stays after the study is closed, for whoever prints it. */
import { AppError } from '#contract/errors.ts';
import { MOST_KEY_IMAGES, pngSize } from '#core/desk/keyImage.ts';
import { draftById } from '../db/drafts.ts';
import { addKeyImage, keyImageById, keyImagesOf, keyPicture, removeKeyImage } from '../db/keyImages.ts';
import { studySummary } from '../db/studies.ts';
import type { Area, Services } from './context.ts';

type Calls = Area<'keyImage.of' | 'keyImage.picture' | 'keyImage.keep' | 'keyImage.remove'>;

export function keyImageCalls(services: Services): Calls {
  const { store, now, newId, broadcast } = services;
  return {
    'keyImage.of': async ({ study }) => keyImagesOf(store.read, study),
    'keyImage.picture': async ({ id, which }) => ({ png: keyPicture(store.read, id, which) }),
    'keyImage.keep': async ({ plain, marked, ...image }) => {
      const { study, draft, width, height } = image;
      if (!studySummary(store.read, study))
        throw new AppError('not-found', 'Expected a study that is stored here, found none under this UID.');
      if (draft !== null && draftById(store.read, draft)?.study !== study)
        throw new AppError('invalid-input', 'Expected a report of this study, found another one.');
      for (const png of [plain, marked]) {
        const size = png && pngSize(png);
        if (png && (size?.width !== width || size.height !== height))
          throw new AppError('invalid-input', 'Expected a PNG of the size that was named, found other bytes.');
      }
      if (keyImagesOf(store.read, study).length >= MOST_KEY_IMAGES)
        throw new AppError('refused', `${MOST_KEY_IMAGES} images are kept already. Remove one first.`);
      const whole = { ...image, id: newId(), login: services.actor, at: now() };
      const kept = store.write((write) => addKeyImage(write, whole, plain, marked));
      broadcast('keyImage.changed', { study });
      return kept;
    },
    'keyImage.remove': async ({ id }) => {
      const image = keyImageById(store.read, id);
      store.write((write) => removeKeyImage(write, image, { at: now(), actor: services.actor }));
      broadcast('keyImage.changed', { study: image.study });
      return {};
    },
  };
}
