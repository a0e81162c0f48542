/** Whether the pixels went through lossy compression (PS3.3 C.7.6.1.1.5). */
import type { Dataset } from './dataset.ts';
import type { TransferSyntax } from './syntax.ts';
import { code } from './values.ts';

/** (0028,2110) once set stays set; a syntax that can carry both counts as lossy unless the header denies it. */
export function isLossy(data: Dataset, syntax: TransferSyntax): boolean {
  const flag = code(data, 'x00282110');
  return flag === '01' || syntax.lossy === 'yes' || (syntax.lossy === 'may-be' && flag !== '00');
}
