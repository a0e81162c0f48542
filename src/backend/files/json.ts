/** JSON for storing: bytes as base64, and one canonical form for hashing. */

/** `Uint8Array` anywhere in `value` becomes `{"$bytes": base64}`. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string, item: unknown) {
    // A Buffer has already been turned into an object by its toJSON when the replacer sees it.
    const bytes = this[key];
    return bytes instanceof Uint8Array ? { $bytes: Buffer.from(bytes).toString('base64') } : item;
  });
}

/** The way back. Text without bytes is parsed without a reviver, which is several times as fast. */
export function fromJson(text: string): unknown {
  if (!text.includes('"$bytes"')) return JSON.parse(text);
  return JSON.parse(text, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || !('$bytes' in item) || typeof item.$bytes !== 'string')
      return item;
    return new Uint8Array(Buffer.from(item.$bytes, 'base64'));
  });
}

/** Keys sorted, no white space, well-formed text: the same value always gives the same bytes. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(wellFormed(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${canonicalJson(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** Half a surrogate pair becomes U+FFFD, as it does in UTF-8: what is hashed is what the database gives back. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
