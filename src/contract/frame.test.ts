import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from './errors.ts';
import { decode, encode } from './frame.ts';

/** Bytes as a plain array, a view into something larger, or a Node Buffer; JSON beside them, at any depth. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 4, maxLength: 40 }).map((all) => all.subarray(1, all.length - 2)),
  fc.uint8Array({ maxLength: 40 }).map((all) => Buffer.from(all)),
);
const key = fc.string().filter((name) => name !== '$bytes' && name !== '__proto__' && name !== 'toJSON');
const { message } = fc.letrec<{ message: unknown }>((tie) => ({
  message: fc.oneof(
    { depthSize: 'medium' },
    bytes,
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
    fc.array(tie('message'), { maxLength: 5 }),
    fc.dictionary(key, tie('message'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** What arrives: every Uint8Array as one of its own, nothing else changed. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value;
}

describe('1 a frame', () => {
  test('1.1 brings back any message, its bytes at any depth', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(decode(encode(sent))).toEqual(plain(sent));
      }),
      { numRuns: 500 },
    );
  });

  test('1.2 may lie anywhere in a larger buffer', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), (sent, before, after) => {
        const frame = encode(sent);
        const larger = new Uint8Array(before + frame.length + after).fill(0xab);
        larger.set(frame, before);
        expect(decode(larger.subarray(before, before + frame.length))).toEqual(plain(sent));
      }),
    );
  });

  test('1.3 bytes that arrive are nobody else’s: changing them changes neither frame nor neighbour', () => {
    const frame = Buffer.from(encode({ a: new Uint8Array([1, 2]), b: new Uint8Array([3, 4]) }));
    const first = decode(frame) as { a: Uint8Array; b: Uint8Array };
    expect(Buffer.isBuffer(first.a)).toBe(false);
    first.a.fill(9);
    expect([...first.b]).toEqual([3, 4]);
    expect(decode(frame)).toEqual({ a: new Uint8Array([1, 2]), b: new Uint8Array([3, 4]) });
  });

  test('1.4 refuses a message that holds the reserved key', () => {
    expect(() => encode({ deep: [{ $bytes: [0, 1] }] })).toThrow(AppError);
  });
});

describe('2 a damaged frame', () => {
  const readOrRefused = (frame: Uint8Array): void => {
    try {
      decode(frame);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid-input') throw error;
    }
  };

  test('2.1 is read or refused by name, wherever it was changed', () => {
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(message, fc.array(change, { minLength: 1, maxLength: 6 }), (sent, changes) => {
        const frame = encode(sent);
        for (const { at, to } of changes) frame[at % frame.length] = to;
        readOrRefused(frame);
      }),
      { numRuns: 1000 },
    );
  });

  test('2.2 is read or refused by name, cut off or made longer', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.uint8Array({ maxLength: 8 }), (sent, at, more) => {
        const frame = encode(sent);
        readOrRefused(frame.subarray(0, at % frame.length));
        readOrRefused(new Uint8Array([...frame, ...more]));
      }),
      { numRuns: 500 },
    );
  });

  test('2.3 made of nothing but chance is read or refused by name', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readOrRefused), { numRuns: 1000 });
  });

  test.each([
    ['an offset beyond the end', '{"$bytes":[0,1]}'],
    ['a negative offset', '{"$bytes":[-1,1]}'],
    ['half a byte', '{"$bytes":[0,0.5]}'],
    ['too few numbers', '{"$bytes":[0]}'],
    ['no numbers', '{"$bytes":["0","0"]}'],
    ['no list', '{"$bytes":{}}'],
  ])('2.4 a reference with %s is refused', (_what, json) => {
    const text = new TextEncoder().encode(json);
    const frame = new Uint8Array(4 + text.length);
    new DataView(frame.buffer).setUint32(0, text.length, true);
    frame.set(text, 4);
    expect(() => decode(frame)).toThrow(/^expected a message frame, found/);
  });
});
