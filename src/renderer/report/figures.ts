/** Numbers as a reader needs them: percentages without false precision, intervals with what they are of. */
import type { Interval } from '#core/pack/pack.ts';

/** `0.7183` → `72 %`; the ends are said as bounds, never as certainty. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded < 1) return '< 1 %';
  if (rounded > 99) return '> 99 %';
  return `${rounded} %`;
}

/** `0.84 (0.80–0.88)` */
export const interval = ({ value, low, high }: Interval): string =>
  `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

/** `72 % (64–79 %)` */
export const percentInterval = ({ value, low, high }: Interval): string =>
  `${percent(value)} (${Math.round(low * 100)}–${Math.round(high * 100)} %)`;
