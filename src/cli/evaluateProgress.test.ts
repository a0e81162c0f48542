import { describe, expect, test } from 'vitest';
import { progressOn } from './evaluateProgress.ts';

/** Steps through films of two seconds each; what was written, piece by piece. */
function steps(isTTY: boolean, counts: number[], total: number): string[] {
  const written: string[] = [];
  let seconds = 0;
  const out = { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
  const progress = progressOn(out, total, () => 1000 * seconds);
  for (const count of counts) {
    seconds = 2 * count;
    progress.step(count);
  }
  return written;
}
const bar = (filled: number) => `${'█'.repeat(filled)}${'░'.repeat(30 - filled)}`;

describe('1 on a terminal', () => {
  test('1.1 one line is drawn over again: bar, count, speed and what is left; the last one ends the line', () => {
    expect(steps(true, [0, 5, 10], 10)).toEqual([
      `\r\u001b[K${bar(0)} 0 of 10 films`,
      `\r\u001b[K${bar(15)} 5 of 10 films, 0.5 a second, about 10 s left`,
      `\r\u001b[K${bar(30)} 10 of 10 films, 0.5 a second\n`,
    ]);
  });
  test('1.2 longer waits are said in minutes', () =>
    expect(steps(true, [0, 10], 1000)[1]).toContain('about 33 min left'));
});

describe('2 elsewhere', () => {
  test('2.1 a line every tenth', () => {
    const lines = steps(
      false,
      Array.from({ length: 41 }, (_, i) => i),
      40,
    );
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('raddraft: 40 of 40 films, 0.5 a second\n');
    expect(lines.join('')).not.toMatch(/[\r█]/);
  });
});
