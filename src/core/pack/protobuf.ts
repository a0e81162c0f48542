/** Walks the fields of one Protocol Buffers message (protobuf.dev, "Encoding"): enough to look inside an ONNX file. */

export interface Field {
  number: number;
  /** The value of a varint; for any other wire type the number of bytes. */
  value: number;
  /** The bytes of a length-delimited field, a view; empty for a varint. */
  bytes: Uint8Array;
}

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** Throws a RangeError where the message is cut short or has a wire type that does not exist. */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const none = message.subarray(0, 0);
  const varint = (): number => {
    let value = 0;
    for (let factor = 1, read = 0; read < 10; factor *= 128, read++) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('expected a whole message, found its end inside a number');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new RangeError('expected a number of at most 10 bytes');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > message.byteLength)
      throw new RangeError(`expected ${length} more bytes, found ${message.byteLength - at}`);
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.byteLength) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === VARINT) yield { number, value: varint(), bytes: none };
    else if (type === DELIMITED) {
      const bytes = take(varint());
      yield { number, value: bytes.byteLength, bytes };
    } else if (type === FIXED64 || type === FIXED32) {
      const bytes = take(type === FIXED64 ? 8 : 4);
      yield { number, value: bytes.byteLength, bytes };
    } else throw new RangeError(`expected a known wire type, found ${type}`);
  }
}

/** Bytes as text, one character a byte: names in ONNX files that matter here are ASCII. */
export function asciiOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
