/** UIDs derived from UUIDs: no registered root is needed (PS3.5 B.2). */

/** `2.25.` and the UUID as one decimal number. Throws a RangeError for anything that is not a UUID. */
export function uidOf(uuid: string): string {
  const hex = uuid.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new RangeError(`expected a UUID, found "${uuid.slice(0, 60)}"`);
  return `2.25.${BigInt(`0x${hex}`)}`;
}

/** (0002,0012): who wrote the file. */
export const IMPLEMENTATION_CLASS_UID = uidOf('6d0c7b1e-52a4-4f0b-9c1d-9a7f3be4c2d8');
/** (0002,0013), at most 16 characters. */
export const IMPLEMENTATION_VERSION = 'RADDRAFT_1';
