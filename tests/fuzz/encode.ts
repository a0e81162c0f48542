/** Elements written by hand, right or wrong: what a mutation puts into a file. */
import type { Encoding, Token } from './tokens.ts';

const LONG = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'SQ', 'UC', 'UR', 'UT', 'UN', 'SV', 'UV']);

export function tagBytes(tag: string, { littleEndian }: Encoding): Uint8Array {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, parseInt(tag.slice(0, 4), 16), littleEndian);
  view.setUint16(2, parseInt(tag.slice(4, 8), 16), littleEndian);
  return bytes;
}

/** Two bytes, or four: a 16-bit length is cut, not refused. */
export function lengthBytes(length: number, width: number, { littleEndian }: Encoding): Uint8Array {
  const bytes = new Uint8Array(width);
  const view = new DataView(bytes.buffer);
  if (width === 2) view.setUint16(0, length & 0xffff, littleEndian);
  else view.setUint32(0, length >>> 0, littleEndian);
  return bytes;
}

/** `length` other than the value's is a lie. */
export function elementTokens(
  tag: string,
  vr: string,
  value: Uint8Array,
  encoding: Encoding,
  depth = 0,
  length = value.length,
): Token[] {
  const long = LONG.has(vr);
  const head: Token[] = [{ kind: 'tag', bytes: tagBytes(tag, encoding), tag, depth }];
  if (encoding.explicit)
    head.push({
      kind: 'vr',
      bytes: Uint8Array.from([...vr].map((c) => c.charCodeAt(0)).concat(long ? [0, 0] : [])),
      tag,
      depth,
    });
  return [
    ...head,
    {
      kind: 'length',
      bytes: lengthBytes(length, encoding.explicit && !long ? 2 : 4, encoding),
      tag,
      depth,
    },
    { kind: 'value', bytes: value, tag, depth },
  ];
}

export function itemToken(element: string, length: number, tag: string, depth: number, encoding: Encoding): Token {
  const bytes = new Uint8Array(8);
  bytes.set(tagBytes(`fffe${element}`, encoding));
  bytes.set(lengthBytes(length, 4, encoding), 4);
  return { kind: 'item', bytes, tag, depth };
}

/** A sequence of undefined length around `inner`. */
export const sequenceTokens = (tag: string, inner: readonly Token[], encoding: Encoding, depth = 0): Token[] => [
  ...elementTokens(tag, 'SQ', new Uint8Array(), encoding, depth, 0xffffffff).filter(({ kind }) => kind !== 'value'),
  itemToken('e000', 0xffffffff, tag, depth + 1, encoding),
  ...inner,
  itemToken('e00d', 0, tag, depth + 1, encoding),
  itemToken('e0dd', 0, tag, depth + 1, encoding),
];

export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);

/** Numbers as the encoding writes words. */
export function wordBytes(values: readonly number[], { littleEndian }: Encoding): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setUint16(2 * index, value & 0xffff, littleEndian));
  return bytes;
}
