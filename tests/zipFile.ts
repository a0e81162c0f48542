/** ZIPs for tests, honest and not (APPNOTE 4.3): every field of an entry can lie. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipItem {
  name: string;
  bytes: Uint8Array;
  /** 8 deflated (usual), 0 stored, anything else a lie. */
  method?: number;
  encrypted?: boolean;
  /** Mode of Unix in the upper half of the external attributes, such as 0o120777 of a link. */
  mode?: number;
  crc?: number;
  /** Deflated already: then `declared` and `crc` say what it is. */
  packed?: Uint8Array;
  /** What is said of the size, in place of the truth. */
  declared?: number;
  /** Sizes and offset in the ZIP64 extra field. */
  zip64?: boolean;
  /** The data of the entry before, once more. */
  overlap?: boolean;
}

export function zipFile(items: readonly ZipItem[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let before = { at: 0, data: Buffer.alloc(0) };
  for (const item of items) {
    const method = item.method ?? 8;
    const data = item.overlap
      ? before.data
      : Buffer.from(item.packed ?? (method === 8 ? deflateRawSync(item.bytes) : item.bytes));
    const name = Buffer.from(item.name, 'utf8');
    const at = item.overlap ? before.at : offset;
    const fields = fieldsOf(item, method, data.length, name.length);
    if (!item.overlap) {
      const local = Buffer.concat([u32(0x04034b50), fields.local, name, fields.localExtra, data]);
      parts.push(local);
      offset += local.length;
      before = { at, data };
    }
    directory.push(Buffer.concat([u32(0x02014b50), u16(0x031e), fields.central(at), name, fields.extra(at)]));
  }
  const central = Buffer.concat(directory);
  const zip64 = items.some((item) => item.zip64);
  return new Uint8Array(Buffer.concat([...parts, central, ends(items.length, central.length, offset, zip64)]));
}

const NEEDS_64 = 0xffffffff;

function fieldsOf(item: ZipItem, method: number, packed: number, nameLength: number) {
  const flags = 0x800 | (item.encrypted ? 1 : 0);
  const whole = item.declared ?? item.bytes.length;
  const crc = item.crc ?? crc32(item.bytes);
  const size = (n: number) => u32(item.zip64 ? NEEDS_64 : n);
  const common = Buffer.concat([u16(45), u16(flags), u16(method), u16(0), u16(0x5821), u32(crc)]);
  const sizes = Buffer.concat([size(packed), size(whole), u16(nameLength)]);
  const both = Buffer.concat([u64(whole), u64(packed)]);
  const localExtra = item.zip64 ? Buffer.concat([u16(1), u16(16), both]) : Buffer.alloc(0);
  const extra = (at: number) => (item.zip64 ? Buffer.concat([u16(1), u16(24), both, u64(at)]) : Buffer.alloc(0));
  return {
    local: Buffer.concat([common, sizes, u16(localExtra.length)]),
    localExtra,
    central: (at: number) =>
      Buffer.concat([
        common,
        sizes,
        u16(extra(at).length),
        u16(0), // comment
        u16(0), // disk
        u16(0), // internal attributes
        u32(((item.mode ?? 0o100644) << 16) >>> 0),
        u32(item.zip64 ? NEEDS_64 : at),
      ]),
    extra,
  };
}

function ends(count: number, size: number, offset: number, zip64: boolean): Buffer {
  const end = (entries: number, length: number, at: number) =>
    Buffer.concat([u32(0x06054b50), u16(0), u16(0), u16(entries), u16(entries), u32(length), u32(at), u16(0)]);
  if (!zip64) return end(count, size, offset);
  const record = Buffer.concat([
    u32(0x06064b50),
    u64(44),
    u16(45),
    u16(45),
    u32(0),
    u32(0),
    ...[count, count, size, offset].map(u64),
  ]);
  const locator = Buffer.concat([u32(0x07064b50), u32(0), u64(offset + size), u32(1)]);
  return Buffer.concat([record, locator, end(0xffff, NEEDS_64, NEEDS_64)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
