/** Key images: what a reader kept of a study for its print, as it was windowed and turned. */
import * as z from 'zod';
import { DraftId, StudyId } from '../study/ids.ts';

export const KeyImage = z.object({
  id: z.string(),
  study: StudyId,
  draft: DraftId.nullable(),
  /** Of both pictures, pixels. */
  width: z.int().min(2).max(2048),
  height: z.int().min(2).max(2048),
  /** View and window. */
  caption: z.string().max(300),
  /** What the overlay of the second picture is; empty: there is none, since no model looked, or AI was hidden. */
  overlay: z.string().max(300),
  login: z.string(),
  /** Milliseconds since 1970, UTC. */
  at: z.number(),
});
export type KeyImage = z.infer<typeof KeyImage>;

/** Of one study. */
export const MOST_KEY_IMAGES = 6;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const IHDR = [0x49, 0x48, 0x44, 0x52] as const;

/** Width and height of a PNG (W3C PNG, 5.2 and 11.2.1); null for other bytes. */
export function pngSize(bytes: Uint8Array): { width: number; height: number } | null {
  if (bytes.length < 33) return null;
  if (SIGNATURE.some((byte, at) => bytes[at] !== byte) || IHDR.some((byte, at) => bytes[12 + at] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
