/** A DICOM file cut at every place where its structure has one: tags, VRs, lengths, values, items, fragments. */

export type TokenKind = 'preamble' | 'tag' | 'vr' | 'length' | 'value' | 'item' | 'fragment' | 'rest';

export interface Token {
  kind: TokenKind;
  bytes: Uint8Array;
  /** Of the element that it belongs to: `00280010`. */
  tag: string;
  /** Sequences around it. */
  depth: number;
}

export interface Encoding {
  explicit: boolean;
  littleEndian: boolean;
}

const LONG = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'SQ', 'UC', 'UR', 'UT', 'UN', 'SV', 'UV']);
const UNDEFINED = 0xffffffff;

/** Preamble and file meta information (explicit, little endian), then the data set as `encoding` says. */
export function tokensOfFile(bytes: Uint8Array, encoding: Encoding): { meta: Token[]; body: Token[] } {
  const marked = String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
  const start = marked ? 132 : 0;
  const meta: Token[] = marked ? [{ kind: 'preamble', bytes: bytes.subarray(0, 132), tag: '', depth: 0 }] : [];
  let end = start;
  while (end + 8 <= bytes.length && bytes[end] === 2 && bytes[end + 1] === 0) {
    const element = tokensOf(bytes.subarray(end), { explicit: true, littleEndian: true }, 1);
    const size = sizeOf(element);
    if (size === 0 || element.some(({ kind }) => kind === 'rest')) break;
    meta.push(...element);
    end += size;
  }
  return { meta, body: tokensOf(bytes.subarray(end), encoding) };
}

export const sizeOf = (tokens: readonly Token[]): number => tokens.reduce((sum, { bytes }) => sum + bytes.length, 0);

/** The elements of one data set, at most `count`; what cannot be cut further is one token `rest`. */
export function tokensOf(bytes: Uint8Array, encoding: Encoding, count = Infinity, depth = 0): Token[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tokens: Token[] = [];
  const { littleEndian } = encoding;
  let at = 0;
  let tag = '';
  const push = (kind: TokenKind, length: number) => {
    tokens.push({ kind, bytes: bytes.subarray(at, at + length), tag, depth });
    at += length;
  };
  for (let done = 0; done < count && at + 8 <= bytes.length; done++) {
    const group = view.getUint16(at, littleEndian);
    tag = hex(group) + hex(view.getUint16(at + 2, littleEndian));
    if (group === 0xfffe) {
      push('item', 8);
      continue;
    }
    const vr = String.fromCharCode(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0);
    const explicit = encoding.explicit && /^[A-Z]{2}$/.test(vr);
    const long = explicit && LONG.has(vr);
    if (long && at + 12 > bytes.length) break;
    const length = !explicit
      ? view.getUint32(at + 4, littleEndian)
      : long
        ? view.getUint32(at + 8, littleEndian)
        : view.getUint16(at + 6, littleEndian);
    const head = long ? 12 : 8;
    if (length !== UNDEFINED && at + head + length > bytes.length) break;
    const value = at + head;
    push('tag', 4);
    if (explicit) push('vr', long ? 4 : 2);
    push('length', value - at);
    const first = value + 8 <= bytes.length ? hex(view.getUint16(value, littleEndian)) : '';
    const items = first === 'fffe' && (length === UNDEFINED || length >= 8) && depth < 40;
    if (!items) {
      if (length === UNDEFINED) break;
      push('value', length);
      continue;
    }
    const inside = bytes.subarray(at, length === UNDEFINED ? bytes.length : at + length);
    const found = tag === '7fe00010' ? fragments(inside, depth + 1) : sequence(inside, encoding, tag, depth + 1);
    tokens.push(...found);
    at += sizeOf(found);
  }
  if (at < bytes.length && done(count, tokens)) push('rest', bytes.length - at);
  return tokens;
}

const done = (count: number, tokens: readonly Token[]): boolean => count === Infinity || tokens.length === 0;
const hex = (value: number): string => value.toString(16).padStart(4, '0');

/** Items of a sequence up to its delimiter, or to the end of `bytes`. */
function sequence(bytes: Uint8Array, encoding: Encoding, tag: string, depth: number): Token[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tokens: Token[] = [];
  let at = 0;
  let open = 1;
  while (at + 8 <= bytes.length && open > 0) {
    const group = view.getUint16(at, encoding.littleEndian);
    if (group === 0xfffe) {
      const element = view.getUint16(at + 2, encoding.littleEndian);
      tokens.push({ kind: 'item', bytes: bytes.subarray(at, at + 8), tag, depth });
      at += 8;
      if (element === 0xe0dd) open--;
      continue;
    }
    const inner = tokensOf(bytes.subarray(at), encoding, 1, depth);
    const size = sizeOf(inner);
    if (size === 0 || inner.some(({ kind }) => kind === 'rest')) break;
    tokens.push(...inner);
    at += size;
  }
  return tokens;
}

/** Basic offset table and fragments of encapsulated pixel data (PS3.5 A.4), with the delimiter. */
function fragments(bytes: Uint8Array, depth: number): Token[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tokens: Token[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    const delimiter = view.getUint16(at + 2, true) === 0xe0dd;
    if (view.getUint16(at, true) !== 0xfffe || at + 8 + length > bytes.length) break;
    tokens.push({ kind: 'item', bytes: bytes.subarray(at, at + 8), tag: '7fe00010', depth });
    at += 8;
    if (delimiter) break;
    tokens.push({ kind: 'fragment', bytes: bytes.subarray(at, at + length), tag: '7fe00010', depth });
    at += length;
  }
  return tokens;
}

export function joinTokens(tokens: readonly Token[]): Uint8Array {
  const all = new Uint8Array(sizeOf(tokens));
  let at = 0;
  for (const { bytes } of tokens) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}
