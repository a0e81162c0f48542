/** The frame codec by properties: what goes in comes out, and nothing that comes in can do worse than be refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from './errors.ts';
import { decode, encode } from './frame.ts';

/** JSON with bytes anywhere in it. */
const message = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value))), // JSON has no -0
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '$bytes' && key !== '__proto__'),
      tie('any'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).any;

/** `invalid-input`, or it decodes: nothing else may happen. */
function decodesOrRefuses(frame: Uint8Array): void {
  try {
    decode(frame);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'invalid-input' });
  }
}

describe('1 what goes in comes out', () => {
  test('1.1 any message with bytes anywhere', () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(decode(encode(value))).toEqual(value);
      }),
    );
  });

  test('1.2 from anywhere in a larger buffer', () => {
    fc.assert(
      fc.property(message, fc.uint8Array({ maxLength: 40 }), (value, before) => {
        const frame = encode(value);
        const larger = new Uint8Array(before.length + frame.length + 9).fill(0xee);
        larger.set(frame, before.length);
        expect(decode(larger.subarray(before.length, before.length + frame.length))).toEqual(value);
      }),
    );
  });

  test('1.3 bytes that come out share nothing with the frame and with each other', () => {
    const frame = encode({ a: Uint8Array.of(1, 2), b: Uint8Array.of(3) });
    const { a, b } = decode(frame) as { a: Uint8Array; b: Uint8Array };
    frame.fill(0);
    a.fill(9);
    expect([...a, ...b]).toEqual([9, 9, 3]);
  });

  test('1.4 a Node Buffer, which lies in a pool, comes out as exactly its bytes', () => {
    expect(decode(encode({ bytes: Buffer.from('film') }))).toEqual({ bytes: new Uint8Array([102, 105, 108, 109]) });
  });

  test('1.5 the layout is [u32 little-endian length of the JSON][JSON][bytes]', () => {
    const frame = Buffer.from(encode({ x: Uint8Array.of(0xab, 0xcd), y: 1 }));
    const json = '{"x":{"$bytes":[0,2]},"y":1}';
    expect(frame.readUInt32LE(0)).toBe(json.length);
    expect(frame.subarray(4, 4 + json.length).toString()).toBe(json);
    expect([...frame.subarray(4 + json.length)]).toEqual([0xab, 0xcd]);
  });
});

describe('2 nothing worse than a refusal', () => {
  test('2.1 the reserved key is refused, at any depth', () => {
    for (const value of [{ $bytes: 1 }, [{ a: { $bytes: [0, 1] } }], { $bytes: Uint8Array.of(1) }])
      expect(() => encode(value)).toThrow(/reserved key/);
  });

  test('2.2 any bytes at all', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodesOrRefuses), { numRuns: 500 });
  });

  test('2.3 a frame that was cut short is refused', () => {
    fc.assert(
      fc.property(
        message.filter((value) => value !== null && typeof value === 'object'),
        fc.nat(),
        (value, at) => {
          const frame = encode(value);
          expect(() => decode(frame.subarray(0, at % frame.length))).toThrow(AppError);
        },
      ),
    );
  });

  test('2.4 a frame in which bytes were changed', () => {
    fc.assert(
      fc.property(message, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }), (value, changes) => {
        const frame = encode(value);
        for (const [at, byte] of changes) frame[at % frame.length] = byte;
        decodesOrRefuses(frame);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    '{"$bytes":[0,5]}',
    '{"$bytes":[-1,1]}',
    '{"$bytes":[0.5,1]}',
    '{"$bytes":[9007199254740991,2]}',
    '{"$bytes":"all"}',
    '{"$bytes":null}',
    '[{"$bytes":[1]}]',
    '{"a":',
    '',
  ])('2.5 made by hand: %s', (json) => {
    const text = new TextEncoder().encode(json);
    const frame = new Uint8Array(4 + text.length + 4);
    new DataView(frame.buffer).setUint32(0, text.length, true);
    frame.set(text, 4);
    expect(() => decode(frame)).toThrow(/^expected a message frame/);
  });

  test('2.6 JSON that is not UTF-8 is refused, not repaired', () => {
    expect(() => decode(Uint8Array.of(3, 0, 0, 0, 0x22, 0xff, 0x22))).toThrow(/^expected a message frame/);
  });
});
