/** What part of the body a film shows, from which side: plain attributes first, coded ones where they are empty. */
import type { Dataset } from './dataset.ts';
import { text } from './text.ts';
import { code, items } from './values.ts';

const ANATOMIC_REGION = 'x00082218';
const VIEW_CODE = 'x00540220';
const FRAME_ANATOMY = 'x00209071';
const CODE_MEANING = 'x00080104';
const SERIES_DESCRIPTION = 'x0008103e';

/** (0018,0015), else the meaning of the anatomic region's code, in capitals: both then read `CHEST`. */
export function bodyPart(data: Dataset): string {
  return code(data, 'x00180015') || meaning(data, ANATOMIC_REGION) || meaning(frameAnatomy(data), ANATOMIC_REGION);
}

/**
 * (0018,5101) PA, AP, LL, RL …, else from the view's code (PS3.16 CID 4010), of which only the plain views have a
 * short name: an oblique one is no PA. Where neither is given and the series calls itself lateral and nothing else,
 * LATERAL: many systems write the view nowhere else.
 */
export function viewPosition(data: Dataset): string {
  const plain = code(data, 'x00185101').toUpperCase();
  if (plain) return plain;
  const coded = meaning(data, VIEW_CODE);
  if (/^POSTERO-?ANTERIOR( PROJECTION)?$/.test(coded)) return 'PA';
  if (/^ANTERO-?POSTERIOR( PROJECTION)?$/.test(coded)) return 'AP';
  if (/^LEFT LATERAL( PROJECTION)?$/.test(coded)) return 'LL';
  if (/^RIGHT LATERAL( PROJECTION)?$/.test(coded)) return 'RL';
  return coded || (isLateralSeries(text(data, SERIES_DESCRIPTION)) ? 'LATERAL' : '');
}

/** `Chest PA + lat` names both films of an exam, and so neither. */
function isLateralSeries(description: string): boolean {
  const words = description.toUpperCase().match(/\p{L}+/gu) ?? [];
  const has = (...names: string[]) => words.some((word) => names.includes(word));
  return has('LAT', 'LATERAL', 'LATERALE', 'LATÉRAL') && !has('PA', 'AP', 'FRONTAL', 'POSTERO', 'ANTERO');
}

/** (0020,0062) of the image, (0020,0060) of the series, (0020,9072) of the first frame. */
export function laterality(data: Dataset): string {
  const anatomy = frameAnatomy(data);
  return code(data, 'x00200062') || code(data, 'x00200060') || (anatomy ? code(anatomy, 'x00209072') : '');
}

function meaning(data: Dataset | null, sequence: string): string {
  const [item] = data ? items(data, sequence) : [];
  return item ? text(item, CODE_MEANING).toUpperCase() : '';
}

function frameAnatomy(data: Dataset): Dataset | null {
  for (const group of [...items(data, 'x52009230').slice(0, 1), ...items(data, 'x52009229')]) {
    const [anatomy] = items(group, FRAME_ANATOMY);
    if (anatomy) return anatomy;
  }
  return null;
}
