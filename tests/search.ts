/** Looks for known strings in every byte of a folder, in every form that they could hide in, also inside archives. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** UTF-8, lower case, UTF-16 both ways, percent, hexadecimal, and base64 at each of its three places. */
export function formsOf(text: string): Buffer[] {
  const utf16 = Buffer.from(text, 'utf16le');
  const bytes = Buffer.from(text, 'utf8');
  return [
    bytes,
    Buffer.from(text.toLowerCase()),
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    ...base64Of(bytes),
    ...base64Of(utf16),
  ];
}

/** What base64 makes of the string at each of the three places that it can begin at, without the mixed ends. */
const base64Of = (bytes: Buffer): Buffer[] =>
  [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return Buffer.from(encoded.slice(Math.ceil((shift * 8) / 6), -1));
  });

export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

/** Each hit as `string in file`, by content (as it is and inflated) or by the file's name. */
export function foundUnder(folder: string, secrets: readonly string[]): string[] {
  const forms = secrets.map((secret) => ({ secret, forms: formsOf(secret) }));
  return filesUnder(folder).flatMap((file) => {
    const bytes = readFileSync(file);
    const places = [bytes, ...inflatedIn(bytes), Buffer.from(path.relative(folder, file))];
    return forms
      .filter(({ forms: all }) => all.some((form) => places.some((place) => place.includes(form))))
      .map(({ secret }) => `${secret} in ${path.relative(folder, file)}`);
  });
}

const finish = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * 1024 * 1024 };
const packers: { magic: Buffer; open(bytes: Buffer): Buffer }[] = [
  { magic: Buffer.from([0x1f, 0x8b, 8]), open: (bytes) => gunzipSync(bytes, finish) },
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => ({
    magic: Buffer.from([0x78, level]),
    open: (bytes: Buffer) => inflateSync(bytes, finish),
  })),
  {
    magic: Buffer.from([0x50, 0x4b, 3, 4]),
    open: (bytes) => inflateRawSync(bytes.subarray(30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)), finish),
  },
];

/** Whatever can be unpacked from any place of the file that looks like the beginning of gzip, zlib or a ZIP entry. */
export function inflatedIn(bytes: Buffer): Buffer[] {
  return packers.flatMap(({ magic, open }) => {
    const found: Buffer[] = [];
    for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
      try {
        const plain = open(bytes.subarray(at));
        if (plain.length > 0) found.push(plain);
      } catch {
        continue;
      }
    }
    return found;
  });
}
