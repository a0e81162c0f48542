/** Transfer syntaxes (PS3.6 table A-1): how a data set and its pixels are encoded, and which of them are read here. */

import { quoted } from './refuse.ts';

/** Which decoder reads a frame; `none`: known by name, no decoder here. */
export type Codec = 'native' | 'deflated-frames' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k' | 'none';

export interface TransferSyntax {
  uid: string;
  words: string;
  codec: Codec;
  explicit: boolean;
  littleEndian: boolean;
  deflated: boolean;
  /** `may-be`: the syntax carries both; the header decides. */
  lossy: 'no' | 'may-be' | 'yes';
}

const root = '1.2.840.10008.1.2';
const table: readonly [suffix: string, words: string, codec: Codec, lossy?: TransferSyntax['lossy']][] = [
  ['', 'implicit VR little endian', 'native'],
  ['.1', 'explicit VR little endian', 'native'],
  ['.1.98', 'encapsulated uncompressed explicit VR little endian', 'native'],
  ['.1.99', 'deflated explicit VR little endian', 'native'],
  ['.2', 'explicit VR big endian', 'native'],
  ['.8.1', 'deflated image frames', 'deflated-frames'],
  ['.5', 'RLE lossless', 'rle'],
  ['.4.50', 'JPEG baseline', 'jpeg', 'yes'],
  ['.4.51', 'JPEG extended (processes 2 and 4)', 'jpeg', 'yes'],
  ['.4.53', 'JPEG spectral selection (processes 6 and 8, retired)', 'none', 'yes'],
  ['.4.55', 'JPEG full progression (processes 10 and 12, retired)', 'none', 'yes'],
  ['.4.57', 'JPEG lossless (process 14)', 'jpeg'],
  ['.4.70', 'JPEG lossless (process 14, selection value 1)', 'jpeg'],
  ['.4.80', 'JPEG-LS lossless', 'jpeg-ls'],
  ['.4.81', 'JPEG-LS near-lossless', 'jpeg-ls', 'may-be'],
  ['.4.90', 'JPEG 2000 lossless', 'jpeg-2000'],
  ['.4.91', 'JPEG 2000', 'jpeg-2000', 'may-be'],
  ['.4.92', 'JPEG 2000 part 2 multi-component lossless', 'none'],
  ['.4.93', 'JPEG 2000 part 2 multi-component', 'none', 'may-be'],
  ['.4.94', 'JPIP referenced', 'none', 'may-be'],
  ['.4.95', 'JPIP referenced deflated', 'none', 'may-be'],
  ['.4.100', 'MPEG-2 video, main level', 'none', 'yes'],
  ['.4.100.1', 'MPEG-2 video, main level, fragmentable', 'none', 'yes'],
  ['.4.101', 'MPEG-2 video, high level', 'none', 'yes'],
  ['.4.101.1', 'MPEG-2 video, high level, fragmentable', 'none', 'yes'],
  ['.4.102', 'MPEG-4 video (H.264 high profile)', 'none', 'yes'],
  ['.4.103', 'MPEG-4 video (H.264, BD-compatible)', 'none', 'yes'],
  ['.4.104', 'MPEG-4 video (H.264 for 2D)', 'none', 'yes'],
  ['.4.105', 'MPEG-4 video (H.264 for 3D)', 'none', 'yes'],
  ['.4.106', 'MPEG-4 video (H.264 stereo)', 'none', 'yes'],
  ['.4.107', 'HEVC video (H.265 main)', 'none', 'yes'],
  ['.4.108', 'HEVC video (H.265 main 10)', 'none', 'yes'],
  ['.4.110', 'JPEG XL lossless', 'none'],
  ['.4.111', 'JPEG XL recompressed JPEG', 'none', 'yes'],
  ['.4.112', 'JPEG XL', 'none', 'may-be'],
  ['.4.201', 'high-throughput JPEG 2000 lossless', 'htj2k'],
  ['.4.202', 'high-throughput JPEG 2000 lossless (RPCL)', 'htj2k'],
  ['.4.203', 'high-throughput JPEG 2000', 'htj2k', 'may-be'],
];

const syntaxes = new Map(
  table.map(([suffix, words, codec, lossy = 'no']): [string, TransferSyntax] => [
    root + suffix,
    {
      uid: root + suffix,
      words,
      codec,
      explicit: suffix !== '',
      littleEndian: suffix !== '.2',
      deflated: suffix === '.1.99' || suffix === '.4.95',
      lossy,
    },
  ]),
);

/** An unknown syntax is read as explicit VR little endian, as PS3.5 A.4 asks of all encapsulated ones, and has no codec. */
export function transferSyntax(uid: string): TransferSyntax {
  return (
    syntaxes.get(uid) ?? {
      uid,
      words: `unknown transfer syntax ${quoted(uid)}`,
      codec: 'none',
      explicit: true,
      littleEndian: true,
      deflated: false,
      lossy: 'may-be',
    }
  );
}
