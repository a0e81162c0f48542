/**
 * One message as bytes: [u32 length of the JSON][JSON][bytes]. A Uint8Array anywhere in the message becomes
 * {"$bytes":[offset,length]}; an object that has a key `$bytes` of its own is refused.
 */
import { AppError } from './errors.ts';

export function encode(message: unknown): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const json = new TextEncoder().encode(
    JSON.stringify(message, function (this: Record<string, unknown>, key, value: unknown) {
      const raw = this[key]; // before toJSON: a Node Buffer has one
      if (raw instanceof Uint8Array) {
        chunks.push(raw);
        length += raw.byteLength;
        return { $bytes: [length - raw.byteLength, raw.byteLength] };
      }
      if (value !== null && typeof value === 'object' && '$bytes' in value)
        throw new AppError('invalid-input', 'expected a message without the reserved key "$bytes"');
      return value;
    }),
  );
  const frame = new Uint8Array(4 + json.byteLength + length);
  new DataView(frame.buffer).setUint32(0, json.byteLength, true);
  frame.set(json, 4);
  let at = 4 + json.byteLength;
  for (const chunk of chunks) {
    frame.set(chunk, at);
    at += chunk.byteLength;
  }
  return frame;
}

/** Throws AppError `invalid-input` for anything that `encode` cannot have made. */
export function decode(frame: Uint8Array): unknown {
  if (frame.byteLength < 4) throw malformed(`found ${frame.byteLength} bytes`);
  const length = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0, true);
  if (4 + length > frame.byteLength) throw malformed(`found a JSON part of ${length} in ${frame.byteLength} bytes`);
  // Of a Node Buffer too: its own `slice` copies nothing, and JSON turns a Buffer into a list of numbers.
  const body = new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength).subarray(4 + length);
  try {
    return JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(frame.subarray(4, 4 + length)),
      (_key, value: unknown) => {
        if (value === null || typeof value !== 'object' || !('$bytes' in value)) return value;
        const { $bytes } = value;
        if (!Array.isArray($bytes)) throw malformed('found a bad reference to bytes');
        const [offset, size] = $bytes as unknown[];
        if (!isIndex(offset) || !isIndex(size) || offset + size > body.byteLength)
          throw malformed('found bytes out of range');
        return body.slice(offset, offset + size);
      },
    );
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw malformed('found no valid JSON');
  }
}

const isIndex = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const malformed = (found: string) => new AppError('invalid-input', `expected a message frame, ${found}`);
