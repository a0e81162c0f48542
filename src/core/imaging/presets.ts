/** Windows that a reader may choose by one key: the file's own, the whole range, and those usual for the modality. */
import type { ImageHeader } from './header.ts';
import { defaultVoi, fullRange, type Range, type Voi, voiChoices, windowOf } from './voi.ts';

export interface Preset {
  id: string;
  name: string;
  voi: Voi;
}

/** Centre and width in Hounsfield units. */
const ct = [
  ['ct-lung', 'Lung', -600, 1500],
  ['ct-mediastinum', 'Mediastinum', 40, 400],
  ['ct-bone', 'Bone', 400, 1800],
  ['ct-brain', 'Brain', 40, 80],
] as const;

/** The first one is what the image opens with. Empty for colour, which has no VOI. */
export function presetsOf(header: ImageHeader, pixels: Range): Preset[] {
  if (header.samplesPerPixel !== 1 || !header.photometric.startsWith('MONOCHROME')) return [];
  const own = voiChoices(header).map(({ name, voi }, index) => ({ id: `file-${index + 1}`, name, voi }));
  const full: Preset = { id: 'full', name: 'Full range', voi: fullRange(header, pixels) };
  const first = own.length > 0 ? [] : [{ id: 'default', name: 'Default', voi: defaultVoi(header, pixels) }];
  if (header.modality === 'CT')
    return [
      ...first,
      ...own,
      ...ct.map(([id, name, center, width]): Preset => ({
        id,
        name,
        voi: { kind: 'window', center, width, fn: 'LINEAR' },
      })),
      full,
    ];
  const { center, width } = windowOf(header, defaultVoi(header, pixels), pixels);
  const scaled = (id: string, name: string, factor: number): Preset => ({
    id,
    name,
    voi: { kind: 'window', center, width: width * factor, fn: 'LINEAR_EXACT' },
  });
  return [...first, ...own, full, scaled('narrow', 'More contrast', 0.6), scaled('wide', 'Less contrast', 1.6)];
}
