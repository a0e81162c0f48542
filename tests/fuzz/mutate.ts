/** One case: a seed with one to four changes, each at a place where the file's structure has a meaning. */
import { deflateRawSync } from 'node:zlib';
import { elementTokens, itemToken, latin1, lengthBytes, sequenceTokens, tagBytes, wordBytes } from './encode.ts';
import type { Random } from './random.ts';
import type { Seed } from './seeds.ts';
import { damageStream } from './streams.ts';
import { joinTokens, type Encoding, type Token, type TokenKind } from './tokens.ts';
import { CHARACTER_SETS, NUMBERS, PHOTOMETRIC, SEQUENCES, SYNTAXES, TAGS, TEXTS, VRS } from './words.ts';

/** `streams`: two of three changes hit the compressed frames, so that most cases reach a decoder. */
export type Aim = 'structure' | 'streams';

/** The file's bytes; always the same for the same seeds, index and numbers. */
export function mutate(
  seeds: readonly Seed[],
  index: number,
  random: Random,
  aim: Aim = 'structure',
): { seed: string; bytes: Uint8Array } {
  const seed = seeds[index % seeds.length];
  if (!seed) throw new RangeError('expected at least one seed');
  let body: Token[] = [...seed.body];
  let meta: Token[] = [...seed.meta];
  const changes = random.pick([1, 1, 1, 2, 2, 3, 4]);
  for (let i = 0; i < changes; i++) {
    if (aim === 'streams' && !random.oneIn(3)) body = otherFragment(body, seed.encoding, random, seeds);
    else if (random.oneIn(12)) meta = change(meta, { explicit: true, littleEndian: true }, random, seeds);
    else body = change(body, seed.encoding, random, seeds);
  }
  const head = joinTokens(meta);
  const plain = joinTokens(body);
  const written = seed.deflated ? deflated(plain, random) : plain;
  const whole = new Uint8Array(head.length + written.length);
  whole.set(head);
  whole.set(written, head.length);
  return { seed: seed.name, bytes: random.oneIn(25) ? whole.subarray(0, random.below(whole.length)) : whole };
}

function deflated(plain: Uint8Array, random: Random): Uint8Array {
  const bytes = new Uint8Array(deflateRawSync(plain));
  return random.oneIn(8) ? damageStream(bytes, random) : bytes;
}

type Change = (tokens: Token[], encoding: Encoding, random: Random, seeds: readonly Seed[]) => Token[];

function change(tokens: Token[], encoding: Encoding, random: Random, seeds: readonly Seed[]): Token[] {
  return random.pick(CHANGES)(tokens, encoding, random, seeds);
}

const indexOfKind = (tokens: readonly Token[], kinds: readonly TokenKind[], random: Random): number => {
  const places = tokens.flatMap(({ kind }, index) => (kinds.includes(kind) ? [index] : []));
  return random.any(places) ?? -1;
};

function withBytes(tokens: Token[], index: number, bytes: Uint8Array): Token[] {
  const token = tokens[index];
  return token ? tokens.with(index, { ...token, bytes }) : tokens;
}

/** Mostly between two elements; seldom in the middle of one. */
function gap(tokens: readonly Token[], random: Random): number {
  if (random.oneIn(10)) return random.below(tokens.length + 1);
  const index = indexOfKind(tokens, ['tag'], random);
  return index < 0 ? tokens.length : index;
}

/** First and one past the last token of the element that `index` belongs to (its items included). */
function elementAt(tokens: readonly Token[], index: number): { from: number; to: number } {
  let from = index;
  while (from > 0 && tokens[from]?.kind !== 'tag') from--;
  let to = from + 1;
  const depth = tokens[from]?.depth ?? 0;
  while (to < tokens.length && !(tokens[to]?.kind === 'tag' && (tokens[to]?.depth ?? 0) <= depth)) {
    if (tokens[to]?.kind === 'item' && (tokens[to]?.depth ?? 0) <= depth) break;
    to++;
  }
  return { from, to };
}

const otherTag: Change = (tokens, encoding, random) => {
  const index = indexOfKind(tokens, ['tag'], random);
  const tag = random.oneIn(4) ? random.bytes(4) : tagBytes(random.pick(TAGS), encoding);
  return withBytes(tokens, index, tag);
};

const otherVr: Change = (tokens, _encoding, random) => {
  const index = indexOfKind(tokens, ['vr'], random);
  const old = tokens[index]?.bytes ?? new Uint8Array();
  const vr = random.oneIn(6) ? random.bytes(2) : latin1(random.pick(VRS));
  // Sometimes with the two reserved bytes that it should or should not have.
  const width = random.oneIn(3) ? 2 + 2 * random.below(2) : old.length;
  return withBytes(
    tokens,
    index,
    Uint8Array.from({ length: width }, (_, at) => vr[at] ?? 0),
  );
};

const otherLength: Change = (tokens, encoding, random) => {
  const index = indexOfKind(tokens, ['length'], random);
  const old = tokens[index]?.bytes ?? new Uint8Array(2);
  const view = new DataView(old.buffer, old.byteOffset, old.byteLength);
  const now = old.length === 2 ? view.getUint16(0, encoding.littleEndian) : view.getUint32(0, encoding.littleEndian);
  const length = random.oneIn(2) ? random.edge() : now + random.below(9) - 4;
  return withBytes(tokens, index, lengthBytes(length, old.length, encoding));
};

const otherItem: Change = (tokens, encoding, random) => {
  const index = indexOfKind(tokens, ['item'], random);
  const old = tokens[index];
  if (!old) return otherLength(tokens, encoding, random, []);
  if (random.oneIn(3)) return tokens.toSpliced(index, 1);
  const element = random.pick(['e000', 'e00d', 'e0dd', 'e0ff']);
  const length = random.oneIn(2) ? random.edge() : 0xffffffff;
  return tokens.with(index, itemToken(element, length, old.tag, old.depth, encoding));
};

const flippedBits: Change = (tokens, _encoding, random) => {
  const index = indexOfKind(tokens, ['value', 'value', 'fragment', 'item', 'rest', 'preamble'], random);
  const bytes = tokens[index]?.bytes.slice() ?? new Uint8Array();
  const flips = 1 + random.below(6);
  for (let i = 0; i < flips && bytes.length > 0; i++) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  return withBytes(tokens, index, bytes);
};

/** A value of another content: its length tells the truth, or the old one. */
const otherValue: Change = (tokens, encoding, random) => {
  const index = indexOfKind(tokens, ['value'], random);
  const value = random.oneIn(2)
    ? latin1(random.pick(TEXTS))
    : wordBytes(
        Array.from({ length: 1 + random.below(4) }, () => random.edge()),
        encoding,
      );
  return replaceValue(tokens, index, value, encoding, !random.oneIn(4));
};

function replaceValue(tokens: Token[], index: number, value: Uint8Array, encoding: Encoding, honest: boolean): Token[] {
  const length = tokens[index - 1];
  const out = withBytes(tokens, index, value);
  if (!honest || length?.kind !== 'length') return out;
  return out.with(index - 1, { ...length, bytes: lengthBytes(value.length, length.bytes.length, encoding) });
}

/** Rows, columns, bits, samples, frames …: the numbers that decide what is allocated. */
const otherNumber: Change = (tokens, encoding, random) => {
  const [tag, vr, values] = random.pick(NUMBERS);
  const chosen = random.oneIn(3) ? random.edge() : (random.any(values) ?? 0);
  const value = vr === 'US' ? wordBytes([chosen], encoding) : latin1(String(chosen).padEnd(2, ' '));
  const index = tokens.findIndex((token) => token.kind === 'value' && token.tag === tag && token.depth === 0);
  if (index >= 0) return replaceValue(tokens, index, value, encoding, true);
  return [...elementTokens(tag, vr, value, encoding), ...tokens];
};

const otherPhotometric: Change = (tokens, encoding, random) => {
  const index = tokens.findIndex((token) => token.kind === 'value' && token.tag === '00280004' && token.depth === 0);
  return replaceValue(tokens, index, latin1(random.pick(PHOTOMETRIC)), encoding, true);
};

const otherCharacterSet: Change = (tokens, encoding, random) => {
  const terms = Array.from({ length: 1 + random.below(4) }, () => random.pick(CHARACTER_SETS)).join('\\');
  const name = random.oneIn(2) ? random.bytes(random.below(120)) : escapes(random);
  const rest = tokens.filter(({ tag, depth }) => depth > 0 || (tag !== '00080005' && tag !== '00100010'));
  const length = terms.length % 2 === 0 ? terms : `${terms} `;
  return [
    ...elementTokens('00080005', 'CS', latin1(length), encoding),
    ...elementTokens('00100010', 'PN', name, encoding),
    ...rest,
  ];
};

const ESCAPES = ['(B', '(J', '$B', '$@', '$(D', ')I', '$)C', '$)A', '-A', '-F', '-M', '%G', '$', '('] as const;
const escapes = (random: Random): Uint8Array =>
  Uint8Array.from(
    Array.from({ length: 1 + random.below(12) }, () => [
      0x1b,
      ...latin1(random.pick(ESCAPES)),
      ...random.bytes(random.below(9)),
    ]).flat(),
  );

const withoutElement: Change = (tokens, _encoding, random) => {
  const { from, to } = elementAt(tokens, indexOfKind(tokens, ['tag'], random));
  return from < 0 ? tokens : tokens.toSpliced(from, to - from);
};

const elementTwice: Change = (tokens, _encoding, random) => {
  const { from, to } = elementAt(tokens, indexOfKind(tokens, ['tag'], random));
  if (from < 0) return tokens;
  return tokens.toSpliced(gap(tokens, random), 0, ...tokens.slice(from, to));
};

const elementElsewhere: Change = (tokens, _encoding, random) => {
  const { from, to } = elementAt(tokens, indexOfKind(tokens, ['tag'], random));
  if (from < 0) return tokens;
  const moved = tokens.slice(from, to);
  const rest = tokens.toSpliced(from, to - from);
  return rest.toSpliced(gap(rest, random), 0, ...moved);
};

/** Elements around another: once, at the cap, beyond it. */
const nested: Change = (tokens, encoding, random) => {
  const { from, to } = elementAt(tokens, indexOfKind(tokens, ['tag'], random));
  if (from < 0) return tokens;
  const depth = random.pick([1, 2, 31, 33, 60]);
  let inner = tokens.slice(from, to);
  for (let i = 0; i < depth; i++) inner = sequenceTokens(random.pick(SEQUENCES), inner, encoding);
  return tokens.toSpliced(from, to - from, ...inner);
};

/** A sequence that the reader looks into, with the elements that it reads there and wild values in them. */
const readSequence: Change = (tokens, encoding, random) => {
  const elements = Array.from({ length: 1 + random.below(5) }, () => {
    const value = random.oneIn(2)
      ? wordBytes(
          Array.from({ length: 1 + random.below(5) }, () => random.edge()),
          encoding,
        )
      : latin1(random.pick(TEXTS));
    return elementTokens(random.pick(TAGS), random.pick(VRS), value, encoding, 1);
  });
  const sequence = sequenceTokens(random.pick(SEQUENCES), elements.flat(), encoding);
  return tokens.toSpliced(gap(tokens, random), 0, ...sequence);
};

const anyElement: Change = (tokens, encoding, random) => {
  const value = random.oneIn(2) ? random.bytes(random.below(40)) : latin1(random.pick(TEXTS));
  const length = random.oneIn(5) ? random.edge() : value.length;
  const element = elementTokens(random.pick(TAGS), random.pick(VRS), value, encoding, 0, length);
  return tokens.toSpliced(gap(tokens, random), 0, ...element);
};

/** The rest of the file is of another seed. */
const crossed: Change = (tokens, _encoding, random, seeds) => {
  const other = random.any(seeds)?.body ?? [];
  return [...tokens.slice(0, gap(tokens, random)), ...other.slice(gap(other, random))];
};

const cut: Change = (tokens, _encoding, random) => tokens.slice(0, random.below(tokens.length));

const otherSyntax: Change = (tokens, encoding, random) => {
  const index = tokens.findIndex((token) => token.kind === 'value' && token.tag === '00020010');
  if (index < 0) return otherValue(tokens, encoding, random, []);
  const uid = random.pick(SYNTAXES);
  return replaceValue(tokens, index, latin1(uid.length % 2 === 0 ? uid : `${uid}\0`), encoding, true);
};

/** Compressed frames: their codestream, or how they are cut into fragments. */
const otherFragment: Change = (tokens, encoding, random) => {
  const places = tokens.flatMap(({ kind, bytes }, place) =>
    // The offset table is empty in most files, and seldom what a decoder stumbles over.
    kind === 'fragment' && (bytes.length > 0 || random.oneIn(6)) ? [place] : [],
  );
  const index = random.any(places) ?? -1;
  const token = tokens[index];
  const item = tokens[index - 1];
  if (!token || item?.kind !== 'item') return flippedBits(tokens, encoding, random, []);
  const framed = (bytes: Uint8Array): Token[] => [
    itemToken('e000', bytes.length, token.tag, token.depth, encoding),
    { ...token, bytes },
  ];
  switch (random.below(6)) {
    case 0: {
      const at = random.below(token.bytes.length + 1);
      const parts = [...framed(token.bytes.subarray(0, at)), ...framed(token.bytes.subarray(at))];
      return tokens.toSpliced(index - 1, 2, ...parts);
    }
    case 1:
      return tokens.toSpliced(index - 1, 2);
    case 2:
      return tokens.toSpliced(index - 1, 0, ...framed(token.bytes));
    default:
      return tokens.toSpliced(index - 1, 2, ...framed(damageStream(token.bytes, random)));
  }
};

const CHANGES: readonly [Change, ...Change[]] = [
  otherTag,
  otherVr,
  otherLength,
  otherLength,
  otherItem,
  flippedBits,
  flippedBits,
  otherValue,
  otherNumber,
  otherNumber,
  otherPhotometric,
  otherCharacterSet,
  withoutElement,
  elementTwice,
  elementElsewhere,
  nested,
  readSequence,
  readSequence,
  anyElement,
  crossed,
  cut,
  otherSyntax,
  otherFragment,
  otherFragment,
  otherFragment,
];
