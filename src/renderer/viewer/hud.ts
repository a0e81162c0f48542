/** The text on the image: what the header says of it, in words and with units. */
import type { ImageHeader } from '#core/imaging/header.ts';
import { directionsOf } from '#core/imaging/orientation.ts';
import { polarityContradicts } from '#core/imaging/polarity.ts';
import { spacingOf } from '#core/measure/spacing.ts';
import type { Series } from '#core/study/study.ts';
import type { StackImage } from './stack.ts';
import { isTestPattern, NOT_CALIBRATED_SHORT } from './testPattern.ts';

/** What the image is: series, place, view. */
export function identityLines(series: Series, image: StackImage, count: number): string[] {
  const { header } = image;
  const what = [header.modality, header.viewPosition, laterality(header.laterality), capitalised(header.bodyPart)];
  const number = series.number === null ? 'Series' : `Series ${series.number}`;
  return [
    what.filter(Boolean).join(' · '),
    series.description ? `${number} · ${series.description}` : series.number === null ? '' : number,
    count > 1 ? `Image ${image.index + 1} / ${count}` : '',
  ].filter(Boolean);
}

/** How it was made: exposure, slice, spacing. */
export function acquisitionLines(header: ImageHeader): string[] {
  const exposure = [
    header.kvp === null ? '' : `${trim(header.kvp)} kVp`,
    header.exposureMas === null ? '' : `${trim(header.exposureMas)} mAs`,
  ];
  const slice = [
    header.sliceThickness === null ? '' : `Slice ${trim(header.sliceThickness)} mm`,
    header.sliceLocation === null ? '' : `at ${trim(header.sliceLocation)} mm`,
  ];
  return [
    ...[exposure, slice].map((parts) => parts.filter(Boolean).join('  ')),
    directionsOf(header) ? '' : 'Orientation not given',
    spacingLine(header),
  ].filter(Boolean);
}

/** `0.139 × 0.139 mm at detector`; says so where nothing is known. */
function spacingLine(header: ImageHeader): string {
  const { row, column, unit } = spacingOf(header);
  if (unit === 'px') return 'No trusted spacing: lengths in px';
  return `${figure(row)} × ${figure(column)} ${unit}`;
}

/** What the reader must know before trusting the picture. */
export function warningLines(header: ImageHeader): string[] {
  return [
    isTestPattern(header) ? NOT_CALIBRATED_SHORT : '',
    header.presentationIntent === 'FOR PROCESSING' ? 'FOR PROCESSING: not meant for reading' : '',
    header.lossy ? `LOSSY${header.lossyRatio === null ? '' : ` ${trim(header.lossyRatio)}:1`}` : '',
    header.burnedIn === 'YES' ? 'Text burned into the image' : '',
    polarityContradicts(header) ? 'Brightness may be the wrong way round' : '',
  ].filter(Boolean);
}

const figure = (mm: number) => mm.toFixed(3);
const trim = (value: number) => String(Math.round(value * 10) / 10).replace('-', '−');
const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
const laterality = (code: string) => ({ R: 'right', L: 'left', B: 'both sides' })[code] ?? '';
