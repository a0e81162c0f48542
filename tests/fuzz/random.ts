/** Numbers that look random and are the same in every run: one generator for each case. */

export interface Random {
  /** 0 … n − 1. */
  below(n: number): number;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** One of a list that may be empty. */
  any<T>(list: readonly T[]): T | undefined;
  bytes(length: number): Uint8Array;
  /** Numbers at which readers fail: ends of types, small ones, any. */
  edge(): number;
}

const EDGES = [
  0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 63, 64, 127, 128, 255, 256, 257, 4095, 4096, 32767, 32768, 60000, 65533,
  65534, 65535, 65536, 0x7ffffffe, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

/** sfc32 (Doty-Humphrey), seeded by a run's number and a case's number. */
export function random(run: number, index: number): Random {
  let [a, b, c, d] = [run | 0, index | 0, 0x9e3779b9 | 0, 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  const below = (n: number): number => (n <= 1 ? 0 : next() % n);
  return {
    below,
    oneIn: (n) => below(n) === 0,
    pick: (list) => list[below(list.length)] ?? list[0],
    any: (list) => list[below(list.length)],
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    edge: () => (below(3) === 0 ? next() : (EDGES[below(EDGES.length)] ?? 0)),
  };
}
