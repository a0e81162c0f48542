/** Text in the character sets of DICOM (PS3.3 C.12.1.1.2): single sets, and ISO 2022 code extensions (PS3.5 6.1.2.5). */

/** A set as bytes 0x80–0xFF of it decode; labels are those of the WHATWG encoding standard. */
interface G1 {
  label: string;
  bytes: 1 | 2;
}

/** Defined terms without their `ISO_IR`/`ISO 2022 IR` prefix → what stands in the upper half. */
const UPPER: Record<string, G1> = {
  '100': { label: 'latin1', bytes: 1 },
  '101': { label: 'iso-8859-2', bytes: 1 },
  '109': { label: 'iso-8859-3', bytes: 1 },
  '110': { label: 'iso-8859-4', bytes: 1 },
  '144': { label: 'iso-8859-5', bytes: 1 },
  '127': { label: 'iso-8859-6', bytes: 1 },
  '126': { label: 'iso-8859-7', bytes: 1 },
  '138': { label: 'iso-8859-8', bytes: 1 },
  '148': { label: 'iso-8859-9', bytes: 1 },
  '203': { label: 'iso-8859-15', bytes: 1 },
  '13': { label: 'shift_jis', bytes: 1 },
  '166': { label: 'windows-874', bytes: 1 },
  '149': { label: 'euc-kr', bytes: 2 },
  '58': { label: 'gb18030', bytes: 2 },
};

/** Sets that are whole encodings: no code extensions (PS3.3 table C.12-5). */
const WHOLE: Record<string, string> = {
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  // Not defined terms, but found in files.
  'ISO_IR 149': 'euc-kr',
  'ISO_IR 58': 'gb18030',
  UTF8: 'utf-8',
};

/** Escape sequences (without ESC) → what they call up (PS3.3 tables C.12-3 and C.12-4). */
const G0: Record<string, 'ascii' | 'jis-x-0208' | 'jis-x-0212'> = {
  '(B': 'ascii',
  '(J': 'ascii',
  $B: 'jis-x-0208',
  '$@': 'jis-x-0208',
  '$(D': 'jis-x-0212',
};
const G1_ESCAPES: Record<string, string> = {
  ')I': '13',
  '$)C': '149',
  '$)A': '58',
  '-A': '100',
  '-B': '101',
  '-C': '109',
  '-D': '110',
  '-L': '144',
  '-G': '127',
  '-F': '126',
  '-H': '138',
  '-M': '148',
  '-b': '203',
  '-T': '166',
};

const ESC = 0x1b;
/** PS3.5 6.1.2.5.3: after these the first character set holds again; `^` and `=` in person names only. */
const RESETS = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x5c]);
const NAME_RESETS = new Set([0x5e, 0x3d]);

/**
 * `sets` are the values of (0008,0005), the first often empty; `personName` for VR PN. Never throws: bytes that the
 * set does not hold become U+FFFD.
 */
export function decodeText(bytes: Uint8Array, sets: readonly string[], personName: boolean): string {
  const first = normal(sets[0] ?? '');
  const whole = WHOLE[first];
  if (whole) return new TextDecoder(whole).decode(bytes);
  const initial = UPPER[first.replace(/^ISO(_IR| 2022 IR) /, '')] ?? null;
  return bytes.includes(ESC) ? decodeExtended(bytes, initial, personName) : decodeRun(bytes, 'ascii', initial);
}

/** Files write `ISO-IR 100`, `ISO IR 100`, `ISO_IR_100`, `iso_ir 192`. */
const normal = (term: string): string =>
  term
    .trim()
    .toUpperCase()
    .replace(/^ISO[ _-]IR[ _-]*/, 'ISO_IR ')
    .replace(/^ISO[ _-]2022[ _-]IR[ _-]*/, 'ISO 2022 IR ');

function decodeExtended(bytes: Uint8Array, initial: G1 | null, personName: boolean): string {
  let lower: (typeof G0)[string] = 'ascii';
  let upper = initial;
  let out = '';
  let start = 0;
  const flush = (end: number) => {
    if (end > start) out += decodeRun(bytes.subarray(start, end), lower, upper);
    start = end;
  };
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    if (byte === ESC) {
      flush(at);
      const escape = escapeAt(bytes, at + 1);
      lower = G0[escape] ?? lower;
      const set = G1_ESCAPES[escape];
      if (set !== undefined) upper = UPPER[set] ?? null;
      at += 1 + escape.length;
      start = at;
    } else if (RESETS.has(byte) || (personName && NAME_RESETS.has(byte))) {
      // Inside a two-byte set 0x5C, 0x5E and 0x3D are halves of characters; control characters never are.
      if (lower !== 'ascii' && byte >= 0x21 && at + 1 < bytes.length && (bytes[at + 1] ?? 0) >= 0x21) {
        at += 2;
        continue;
      }
      flush(at);
      lower = 'ascii';
      flush(at + 1);
      upper = initial;
      at++;
    } else at += lower !== 'ascii' && byte >= 0x21 && byte < 0x80 ? 2 : 1;
  }
  flush(bytes.length);
  return out;
}

/** The longest known sequence at `at`; an unknown one is taken as two bytes. */
function escapeAt(bytes: Uint8Array, at: number): string {
  for (const length of [3, 2]) {
    const text = String.fromCharCode(...bytes.subarray(at, at + length));
    if (text in G0 || text in G1_ESCAPES) return text;
  }
  return String.fromCharCode(...bytes.subarray(at, at + 2));
}

function decodeRun(bytes: Uint8Array, lower: (typeof G0)[string], upper: G1 | null): string {
  if (lower === 'jis-x-0208') return decodeShifted(bytes, []);
  if (lower === 'jis-x-0212') return decodeShifted(bytes, [0x8f]);
  if (!upper || upper.label === 'latin1') return Buffer.from(bytes).toString('latin1');
  return new TextDecoder(upper.label).decode(bytes);
}

/** Both JIS sets are EUC-JP with the high bits set; JIS X 0212 with SS3 (0x8F) before each character. */
function decodeShifted(bytes: Uint8Array, prefix: number[]): string {
  const euc: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const next = bytes[at + 1];
    if (byte >= 0x21 && byte < 0x7f && next !== undefined) {
      euc.push(...prefix, byte | 0x80, next | 0x80);
      at += 2;
    } else {
      euc.push(byte & 0x7f);
      at++;
    }
  }
  return new TextDecoder('euc-jp').decode(Uint8Array.from(euc));
}
