/** Files that no workstation should trust, made here: each with what the person is to read, in all three shells. */
import { constants, deflateRawSync } from 'node:zlib';
import { transferSyntax } from '../src/backend/dicom/syntax.ts';
import { writeDicom, type Element } from '../src/backend/dicom/write.ts';
import { changes, film } from './golden/film.ts';
import { dicomDirectory, numberedFilm } from './importFiles.ts';
import { zipFile } from './zipFile.ts';

export interface BadFile {
  /** What it is; also its file's name. */
  name: string;
  bytes: Uint8Array;
  /** What was expected, what was found. */
  words: RegExp;
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** Without pixels, of a class that has none. */
const without = (sopClassUid: string, ...elements: Element[]): Uint8Array =>
  writeDicom({
    sopClassUid,
    sopInstanceUid: '1.2.7.66.1',
    elements: [
      ['0010,0020', 'LO', 'BAD'],
      ['0020,000d', 'UI', '1.2.7.66'],
      ['0020,000e', 'UI', '1.2.7.66.0'],
      ...elements,
    ],
  });

/** The film's transfer syntax by its UID, in a file whose meta information is written for another. */
function withSyntax(bytes: Uint8Array, uid: string): Uint8Array {
  const [before, after] = [bytes.subarray(0, 132), bytes.subarray(132)];
  const body = after.subarray(metaLength(after));
  const padded = uid.length % 2 === 0 ? uid : `${uid}\0`;
  const meta = Uint8Array.from([2, 0, 0x10, 0, 0x55, 0x49, padded.length, 0, ...text(padded)]);
  return Uint8Array.from([...before, ...meta, ...body]);
}

/** Bytes of group 0002: its length element says how many follow it (PS3.10 7.1). */
const metaLength = (after: Uint8Array): number => 12 + new DataView(after.buffer, after.byteOffset).getUint32(8, true);

/** Sequences in sequences, none of which ends. */
function nested(depth: number): Uint8Array {
  const open = [8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255];
  const bytes = new Uint8Array(132 + depth * open.length);
  bytes.set(film().subarray(0, 132));
  for (let i = 0; i < depth; i++) bytes.set(open, 132 + i * open.length);
  return bytes;
}

/** Half a gigabyte of zeros and more, in half a megabyte: blocks of a deflated stream may stand one after another. */
function deflateBomb(): Uint8Array {
  const head = withSyntax(film(), '1.2.840.10008.1.2.1.99');
  const meta = head.subarray(0, 132 + 8 + 22);
  const block = deflateRawSync(Buffer.alloc(16 * 2 ** 20), { finishFlush: constants.Z_SYNC_FLUSH });
  return new Uint8Array(Buffer.concat([meta, ...Array.from({ length: 34 }, () => block), Buffer.of(3, 0)]));
}

const large = changes(['0028,0010', 'US', 60_000], ['0028,0011', 'US', 60_000]);
const whole = film();

/** Everything that is refused. */
export const badFiles: BadFile[] = [
  { name: 'empty.dcm', bytes: new Uint8Array(), words: /found an empty file/ },
  { name: 'letter.txt', bytes: text('Dear colleague, '.repeat(99)), words: /a DICOM file, PNG or JPEG, found another/ },
  { name: 'zeros.dcm', bytes: new Uint8Array(4096), words: /a DICOM file, PNG or JPEG, found another/ },
  { name: 'program.exe', bytes: text(`MZ${'x'.repeat(500)}`), words: /a DICOM file, PNG or JPEG, found another/ },
  ...[140, 200, 300, whole.length - 20, whole.length - 1].map((length) => ({
    name: `cut-at-${length}.dcm`,
    bytes: whole.subarray(0, length),
    words: /whole file|cut off|without pixels|none/,
  })),
  { name: 'sixty-thousand.dcm', bytes: film(large), words: /at most 100 million pixels a frame, found 60000 × 60000/ },
  {
    name: 'two-thousand-million-frames.dcm',
    bytes: film(changes(['0028,0008', 'IS', 2_000_000_000])),
    words: /bytes of pixel data \(3 × 2, 2000000000 frames\), found 12: the file is cut off/,
  },
  { name: 'nested-100000.dcm', bytes: nested(100_000), words: /at most 32 nested sequences/ },
  { name: 'nested-50.dcm', bytes: nested(50), words: /at most 32 nested sequences/ },
  { name: 'deflate-bomb.dcm', bytes: deflateBomb(), words: /at most 512 MiB of inflated data, found more/ },
  { name: 'unknown-syntax.dcm', bytes: withSyntax(whole, '1.2.9.9.9'), words: /unknown transfer syntax 1\.2\.9\.9\.9/ },
  {
    name: 'video.dcm',
    bytes: withSyntax(whole, '1.2.840.10008.1.2.4.102'),
    words: new RegExp(`found ${transferSyntax('1.2.840.10008.1.2.4.102').words.replace(/[()]/g, '\\$&')}`),
  },
  { name: 'no-pixels.dcm', bytes: without('1.2.840.10008.5.1.4.1.1.1.1'), words: /an object without pixels/ },
  { name: 'report.dcm', bytes: without('1.2.840.10008.5.1.4.1.1.88.11'), words: /found a structured report/ },
  {
    name: 'document.dcm',
    bytes: without('1.2.840.10008.5.1.4.1.1.104.1', ['0042,0011', 'OB', text('%PDF-1.4 ')]),
    words: /found a PDF document\. Open it in a PDF reader/,
  },
  { name: 'compressed-rubbish.dcm', bytes: rubbish('1.2.840.10008.1.2.4.90'), words: /JPEG 2000/ },
  { name: 'no-study.dcm', bytes: film({ '0020,000d': null }), words: /a StudyInstanceUID, found none/ },
  {
    name: 'no-colour.dcm',
    bytes: film(changes(['0028,0004', 'CS', 'CMYK'])),
    words: /photometric interpretation "CMYK"/,
  },
  { name: 'locked.zip', bytes: zipFile([{ name: 'a', bytes: whole, encrypted: true }]), words: /without a password/ },
  { name: 'broken.zip', bytes: text('PK\x03\x04 and no more'), words: /a whole ZIP/ },
  {
    name: 'DICOMDIR',
    bytes: dicomDirectory([
      ['..', '..', 'ETC', 'PASSWD'],
      ['C:', 'X'],
    ]),
    words: /found none of them|a DICOMDIR \(an index/,
  },
];

function rubbish(syntax: string): Uint8Array {
  const head = withSyntax(film({ '7fe0,0010': null }), syntax);
  const frame = Uint8Array.from({ length: 64 }, (_, i) => (i * 73) & 0xff);
  const item = (element: number, length: number) => [0xfe, 0xff, element, 0xe0, length, 0, 0, 0];
  const open = [0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 255, 255, 255, 255, ...item(0, 0), ...item(0, frame.length)];
  return Uint8Array.from([...head, ...open, ...frame, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
}

const HOSTILE: [what: string, name: string][] = [
  ['HTML', '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'],
  ['right-to-left', '\u202egpj.elif\u202c^\u05d9\u05d5\u05e1\u05d9'],
  ['ten-thousand', 'A'.repeat(10_000)],
  ['control', 'A\u0007B\u001b[31mC'],
  ['braces', '{{7*7}}${7*7}%s%n'],
  ['every-script', '山田^太郎=Ωμέγα=김희중 אבג ทดสอบ Łódź'],
];

/** Names that attack whoever shows them: the films are read, and the names are nothing but text. */
export const hostileFilms: { name: string; patient: string; bytes: Uint8Array }[] = HOSTILE.map(
  ([name, patient], index) => ({
    name: `${name}.dcm`,
    patient,
    bytes: numberedFilm(70 + index, 1, [['0010,0010', 'PN', patient]]),
  }),
);

/** A film whose first bytes are those of a program: it is read, and the person is warned. */
export function programFilm(): Uint8Array {
  const bytes = numberedFilm(80, 1);
  bytes.set(text('MZ\x90\x00'));
  return bytes;
}
