import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, fromJson, toJson } from './json.ts';

describe('JSON for storing', () => {
  test('1.1 bytes anywhere come back as bytes, also of a pooled Buffer', () => {
    const value = { a: [new Uint8Array([0, 255])], b: { c: new Uint8Array(0) }, d: 'x' };
    expect(fromJson(toJson(value))).toEqual(value);
    const pooled = Buffer.from('abc').subarray(1);
    expect(fromJson(toJson({ pooled }))).toEqual({ pooled: new Uint8Array([98, 99]) });
  });

  test('1.2 the canonical form does not depend on the order of keys, and is JSON', () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: 'x' }], e: undefined })).toBe('{"a":[{"c":"x","d":null}],"b":1}');
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('1.3 half a surrogate pair is written as UTF-8 would have it', () => {
    expect(canonicalJson('a\ud800b')).toBe('"a\ufffdb"');
    expect(canonicalJson('😀')).toBe('"😀"');
  });
});
