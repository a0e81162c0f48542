/** The short part of the fuzzer, in every test run: the same cases each time, from seeds that are made here. */
import { afterAll, describe, expect, test } from 'vitest';
import { startImaging } from '../../src/backend/dicom/imaging.ts';
import { judgeDecode, judgeParse, type Verdict } from './judge.ts';
import { mutate } from './mutate.ts';
import { random } from './random.ts';
import { ownSeeds } from './seeds.ts';
import { joinTokens } from './tokens.ts';

const RUN = 20_261_122;
const seeds = ownSeeds();
const imaging = startImaging();
afterAll(() => imaging.close());

/** Findings as they would stand in the log, and how many cases were taken in. */
const summary = (verdicts: readonly Verdict[]) => ({
  findings: verdicts.flatMap((verdict, index) => (verdict.kind === 'finding' ? [`${index}: ${verdict.what}`] : [])),
  accepted: verdicts.filter(({ kind }) => kind === 'accepted').length,
});

describe('1 the seeds', () => {
  const plain = seeds.filter(({ name, deflated }) => name !== 'directory' && !deflated);
  test.each(plain.map((seed) => [seed.name, seed] as const))('1.1 %s is read as it stands', async (_name, seed) => {
    const bytes = joinTokens([...seed.meta, ...seed.body]);
    expect(judgeParse(bytes)).toEqual({ kind: 'accepted' });
    expect(await judgeDecode(imaging, bytes, 0)).toEqual({ kind: 'accepted' });
  });

  test('1.2 a case is the same every time, and another for another run', () => {
    const bytes = (run: number) => mutate(seeds, 5, random(run, 5)).bytes;
    expect(bytes(RUN)).toEqual(bytes(RUN));
    expect(bytes(RUN)).not.toEqual(bytes(RUN + 1));
  });
});

describe('2 damaged files', () => {
  test('2.1 four thousand through the parser: read, or refused by name', () => {
    const verdicts = Array.from({ length: 4000 }, (_, index) => {
      const { seed, bytes } = mutate(seeds, index, random(RUN, index));
      return judgeParse(bytes, seed === 'directory');
    });
    const { findings, accepted } = summary(verdicts);
    expect(findings).toEqual([]);
    // Neither must all pass nor all fail: then the cases would say nothing.
    expect([accepted > 400, accepted < 3600]).toEqual([true, true]);
  });

  test('2.2 four hundred through the decoders, in the real worker', async () => {
    const verdicts: Verdict[] = [];
    for (let index = 0; index < 400; index++)
      verdicts.push(await judgeDecode(imaging, mutate(seeds, index, random(RUN, index), 'streams').bytes, 0));
    const { findings, accepted } = summary(verdicts);
    expect(findings).toEqual([]);
    expect([accepted > 40, accepted < 360]).toEqual([true, true]);
  });
});
