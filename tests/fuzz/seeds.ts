/** The seeds: small films of every form that the reader knows, made here; real files too, where they are at hand. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Element } from '../../src/backend/dicom/write.ts';
import { fileStart } from '../../src/backend/dicom/meta.ts';
import { inflateRawSync } from 'node:zlib';
import { changes, film, words } from '../golden/film.ts';
import { dicomDirectory } from '../importFiles.ts';
import { shared } from '../shared.ts';
import { elementTokens, itemToken, lengthBytes, tagBytes, wordBytes } from './encode.ts';
import { tokensOf, tokensOfFile, type Encoding, type Token } from './tokens.ts';

export interface Seed {
  name: string;
  meta: Token[];
  body: Token[];
  encoding: Encoding;
  deflated: boolean;
}

const EXPLICIT: Encoding = { explicit: true, littleEndian: true };
const ROOT = '1.2.840.10008.1.2';

/** Frames of 16 × 16 that encoders made of a pattern of ours, in base64. */
const streams = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'streams.json'), 'utf8')));

/** Always the same list: changing it changes every case. */
export function ownSeeds(): Seed[] {
  const plain = film(described());
  return [
    seedOf('explicit', plain),
    recoded('implicit', plain, ROOT, { explicit: false, littleEndian: true }),
    recoded('big-endian', plain, `${ROOT}.2`, { explicit: true, littleEndian: false }),
    { ...recoded('deflated', plain, `${ROOT}.1.99`, EXPLICIT), deflated: true },
    seedOf('luts', film({ ...described(), ...lutElements() })),
    seedOf('enhanced', film({ ...described(), ...enhanced() })),
    seedOf('overlays', film({ ...described(), ...overlay() })),
    seedOf('palette', film(palette())),
    seedOf(
      'directory',
      dicomDirectory([
        ['IMAGES', 'IM1'],
        ['IMAGES', 'IM2'],
        ['OTHER', 'IM3'],
      ]),
    ),
    seedOf('one-bit', film(oneBit())),
    seedOf('rgb-planar', film(colour(1))),
    seedOf('ybr-422', film(ybr422())),
    seedOf('float', film(floating())),
    ...Object.entries(STREAMS).map(([name, [syntax, samples, bits, photometric]]) =>
      compressed(name, syntax, samples, bits, photometric),
    ),
  ];
}

const STREAMS: Record<string, [syntax: string, samples: 1 | 3, bits: number, photometric: string]> = {
  'jpeg-baseline-8': ['.4.50', 1, 8, 'MONOCHROME2'],
  'jpeg-rgb-8': ['.4.50', 3, 8, 'YBR_FULL_422'],
  'jpeg-extended-12': ['.4.51', 1, 12, 'MONOCHROME2'],
  'jpeg-progressive-8': ['.4.50', 1, 8, 'MONOCHROME2'],
  'jpeg-lossless-16': ['.4.70', 1, 16, 'MONOCHROME2'],
  'jpeg-ls-16': ['.4.80', 1, 16, 'MONOCHROME2'],
  'jpeg-ls-near-8': ['.4.81', 1, 8, 'MONOCHROME1'],
  'jpeg-ls-rgb-8': ['.4.80', 3, 8, 'RGB'],
  'j2k-16': ['.4.90', 1, 16, 'MONOCHROME2'],
  'j2k-lossy-8': ['.4.91', 1, 8, 'MONOCHROME2'],
  'j2k-rgb-8': ['.4.90', 3, 8, 'YBR_RCT'],
  'htj2k-16': ['.4.201', 1, 16, 'MONOCHROME2'],
  'htj2k-rgb-8': ['.4.201', 3, 8, 'YBR_RCT'],
  'rle-16': ['.5', 1, 16, 'MONOCHROME2'],
  'rle-rgb-8': ['.5', 3, 8, 'RGB'],
};

/** Real files, cut to a size at which a million cases are few minutes; none where they are not at hand. */
const REAL = [
  'pydicom/MR_small_implicit.dcm',
  'pydicom/MR_small_bigendian.dcm',
  'pydicom/CT_small.dcm',
  'pydicom/liver_1frame.dcm',
  'pydicom/SC_rgb_jpeg_gdcm.dcm',
  'pydicom/rtdose_rle.dcm',
  'pydicom/reportsi.dcm',
  'charset/chrH32.dcm',
  'charset/chrKoreanMulti.dcm',
  'charset/chrSQEncoding.dcm',
];

export function realSeeds(): Seed[] {
  return REAL.map((name) => [name, shared('dicom', name)] as const)
    .filter(([, file]) => existsSync(file))
    .map(([name, file]) => cropped(seedOf(name, new Uint8Array(readFileSync(file)))));
}

function seedOf(name: string, bytes: Uint8Array): Seed {
  const { syntax, dataset } = fileStart(bytes);
  const { explicit, littleEndian, deflated } = syntax;
  const encoding = { explicit, littleEndian };
  const { meta, body } = tokensOfFile(bytes, encoding);
  const inside = deflated ? tokensOf(new Uint8Array(inflateRawSync(bytes.subarray(dataset))), encoding) : body;
  return { name, meta, body: inside, encoding, deflated };
}

const SIDE = 32;

/** Native pixels of more than 32 × 32 words are cut to as much, and the header says so: cases stay small. */
function cropped(seed: Seed): Seed {
  const { encoding } = seed;
  const large = seed.body.some(({ kind, tag, bytes }) => kind === 'value' && tag === '7fe00010' && bytes.length > 2048);
  if (!large) return seed;
  const body = seed.body.map((token, index) => {
    const value = token.kind === 'length' ? seed.body[index + 1] : token;
    if (token.depth > 0 || value?.kind !== 'value') return token;
    const kept = { '7fe00010': SIDE * SIDE * 2, '00280010': 2, '00280011': 2 }[token.tag];
    if (kept === undefined) return token;
    if (token.kind === 'length') return { ...token, bytes: lengthBytes(kept, token.bytes.length, encoding) };
    const bytes = kept === 2 ? wordBytes([SIDE], encoding) : token.bytes.subarray(0, kept);
    return { ...token, bytes };
  });
  return { ...seed, body };
}

/** An explicit little-endian film, written as another syntax would. */
function recoded(name: string, bytes: Uint8Array, syntax: string, encoding: Encoding): Seed {
  const { meta, body } = tokensOfFile(bytes, EXPLICIT);
  const wide = new Set(['US', 'SS', 'OW']);
  const vrOf = (index: number): string => {
    const vr = body[index - 2];
    return vr?.kind === 'vr' ? String.fromCharCode(...vr.bytes.subarray(0, 2)) : '';
  };
  const written = body.flatMap((token, index): Token[] => {
    if (token.kind === 'tag') return [{ ...token, bytes: tagBytes(token.tag, encoding) }];
    if (token.kind === 'vr') return encoding.explicit ? [token] : [];
    if (token.kind === 'length') {
      const old = new DataView(token.bytes.buffer, token.bytes.byteOffset, token.bytes.byteLength);
      const length = token.bytes.length === 2 ? old.getUint16(0, true) : old.getUint32(0, true);
      return [{ ...token, bytes: lengthBytes(length, encoding.explicit ? token.bytes.length : 4, encoding) }];
    }
    if (token.kind === 'value' && !encoding.littleEndian && wide.has(vrOf(index)))
      return [{ ...token, bytes: new Uint8Array(Buffer.from(token.bytes).swap16()) }];
    return [token];
  });
  return { name, meta: withSyntax(meta, syntax), body: written, encoding, deflated: false };
}

function withSyntax(meta: Token[], syntax: string): Token[] {
  const uid = syntax.length % 2 === 0 ? syntax : `${syntax}\0`;
  const at = meta.findIndex((token) => token.kind === 'tag' && token.tag === '00020010');
  const value = Uint8Array.from(uid, (c) => c.charCodeAt(0));
  return meta.toSpliced(at, 4, ...elementTokens('00020010', 'UI', value, EXPLICIT, 0));
}

function compressed(name: string, syntax: string, samples: 1 | 3, bits: number, photometric: string): Seed {
  const stream = new Uint8Array(Buffer.from(streams[name] ?? '', 'base64'));
  const frame = stream.length % 2 === 0 ? stream : Uint8Array.from([...stream, 0]);
  const base = seedOf(
    name,
    film({
      ...described(),
      ...changes(
        ['0028,0002', 'US', samples],
        ['0028,0004', 'CS', photometric],
        ...(samples === 3 ? ([['0028,0006', 'US', 0]] satisfies Element[]) : []),
        ['0028,0010', 'US', 16],
        ['0028,0011', 'US', 16],
        ['0028,0100', 'US', bits <= 8 ? 8 : 16],
        ['0028,0101', 'US', bits],
        ['0028,0102', 'US', bits - 1],
      ),
      '7fe0,0010': null,
    }),
  );
  const pixels: Token[] = [
    ...elementTokens('7fe00010', 'OB', new Uint8Array(), EXPLICIT, 0, 0xffffffff).slice(0, 3),
    itemToken('e000', 0, '7fe00010', 1, EXPLICIT),
    { kind: 'fragment', bytes: new Uint8Array(), tag: '7fe00010', depth: 1 },
    itemToken('e000', frame.length, '7fe00010', 1, EXPLICIT),
    { kind: 'fragment', bytes: frame, tag: '7fe00010', depth: 1 },
    itemToken('e0dd', 0, '7fe00010', 1, EXPLICIT),
  ];
  return { ...base, name, meta: withSyntax(base.meta, ROOT + syntax), body: [...base.body, ...pixels] };
}

const described = (): Record<string, Element> =>
  changes(
    ['0008,0008', 'CS', 'ORIGINAL', 'PRIMARY'],
    ['0008,0020', 'DA', '20240131'],
    ['0008,0030', 'TM', '101500'],
    ['0008,0060', 'CS', 'DX'],
    ['0010,0010', 'PN', 'FUZZ^SEED=\u5c71\u7530^\u592a\u90ce'],
    ['0010,0020', 'LO', 'SEED'],
    ['0010,1010', 'AS', '045Y'],
    ['0018,0015', 'CS', 'CHEST'],
    ['0018,1164', 'DS', 0.14, 0.14],
    ['0020,0020', 'CS', 'L', 'F'],
    ['0028,0120', 'US', 0],
    ['0028,1050', 'DS', 2, 100],
    ['0028,1051', 'DS', 4, 200],
    ['0028,1052', 'DS', 0],
    ['0028,1053', 'DS', 1],
  );

const lutElements = (): Record<string, Element> => {
  const table: Element[] = [
    ['0028,3002', 'US', 6, 0, 16],
    ['0028,3003', 'LO', 'table'],
    ['0028,3006', 'OW', words(0, 1, 4, 9, 16, 25)],
  ];
  return changes(
    ['0028,3000', 'SQ', [...table, ['0028,3004', 'LO', 'US']]],
    ['0028,3010', 'SQ', table, table],
    ['0018,1600', 'CS', 'RECTANGULAR', 'CIRCULAR', 'POLYGONAL'],
    ['0018,1602', 'IS', 1],
    ['0018,1604', 'IS', 3],
    ['0018,1606', 'IS', 1],
    ['0018,1608', 'IS', 2],
    ['0018,1610', 'IS', 1, 1],
    ['0018,1612', 'IS', 2],
    ['0018,1620', 'IS', 1, 1, 1, 2, 2, 2],
  );
};

const enhanced = (): Record<string, Element> =>
  changes(
    ['0028,0008', 'IS', 2],
    ['7fe0,0010', 'OW', words(...Array.from({ length: 12 }, (_, i) => i))],
    [
      '5200,9229',
      'SQ',
      [
        ['0028,9110', 'SQ', [['0028,0030', 'DS', 0.5, 0.5]]],
        ['0020,9116', 'SQ', [['0020,0037', 'DS', 1, 0, 0, 0, 1, 0]]],
        [
          '0028,9145',
          'SQ',
          [
            ['0028,1052', 'DS', -1024],
            ['0028,1053', 'DS', 1],
          ],
        ],
      ],
    ],
    [
      '5200,9230',
      'SQ',
      [['0020,9113', 'SQ', [['0020,0032', 'DS', 0, 0, 0]]]],
      [['0020,9113', 'SQ', [['0020,0032', 'DS', 0, 0, 1]]]],
    ],
  );

const overlay = (): Record<string, Element> =>
  changes(
    ['6000,0010', 'US', 2],
    ['6000,0011', 'US', 3],
    ['6000,0040', 'CS', 'G'],
    ['6000,0050', 'SS', 1, 1],
    ['6000,0100', 'US', 1],
    ['6000,0102', 'US', 0],
    ['6000,3000', 'OW', words(0x15)],
    ['6002,0010', 'US', 2],
    ['6002,0011', 'US', 3],
    ['6002,0102', 'US', 12],
    ['0028,0101', 'US', 12],
    ['0028,0102', 'US', 11],
  );

const palette = (): Record<string, Element> =>
  changes(
    ['0028,0004', 'CS', 'PALETTE COLOR'],
    ['0028,0100', 'US', 8],
    ['0028,0101', 'US', 8],
    ['0028,0102', 'US', 7],
    ...['1', '2', '3'].flatMap((channel): Element[] => [
      [`0028,110${channel}`, 'US', 6, 0, 16],
      channel === '3'
        ? [`0028,122${channel}`, 'OW', words(0, 2, 0, 900, 1, 3, 60_000, 2, 1, 0, 0)]
        : [`0028,120${channel}`, 'OW', words(0, 9, 99, 999, 9999, 60_000)],
    ]),
    ['7fe0,0010', 'OW', Uint8Array.of(0, 1, 2, 3, 4, 5)],
  );

const oneBit = (): Record<string, Element> =>
  changes(
    ['0028,0100', 'US', 1],
    ['0028,0101', 'US', 1],
    ['0028,0102', 'US', 0],
    ['0028,0008', 'IS', 3],
    ['7fe0,0010', 'OB', Uint8Array.of(0xa5, 0x5a, 0xff, 0)],
  );

const colour = (planar: 0 | 1): Record<string, Element> =>
  changes(
    ['0028,0002', 'US', 3],
    ['0028,0004', 'CS', 'RGB'],
    ['0028,0006', 'US', planar],
    ['0028,0100', 'US', 8],
    ['0028,0101', 'US', 8],
    ['0028,0102', 'US', 7],
    ['7fe0,0010', 'OB', Uint8Array.from({ length: 18 }, (_, i) => 13 * i)],
  );

const ybr422 = (): Record<string, Element> => ({
  ...colour(0),
  ...changes(
    ['0028,0004', 'CS', 'YBR_FULL_422'],
    ['0028,0011', 'US', 4],
    ['7fe0,0010', 'OB', Uint8Array.from({ length: 16 }, (_, i) => 15 * i)],
  ),
});

const floating = (): Record<string, Element | null> => ({
  ...changes(['0028,0100', 'US', 32], ['0028,0101', 'US', 32], ['0028,0102', 'US', 31]),
  '7fe0,0010': null,
  '7fe0,0008': ['7fe0,0008', 'OW', new Uint8Array(Float32Array.from([0, -1, 1e38, NaN, Infinity, 0.5]).buffer)],
});
