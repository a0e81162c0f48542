/** What the doctor's samples show: a slope that a lossy codec changes by little. */

/** 16 × 16 values of `bits` bits, row by row. */
export const slope = (bits: 8 | 12): number[] =>
  Array.from({ length: 256 }, (_, at) => ((at % 16) * 9 + Math.floor(at / 16) * 7) * (bits === 8 ? 1 : 16));
