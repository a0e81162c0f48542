/** Large frames that wait to be taken once, by HTTP, by the window that they are for. */
import { randomBytes } from 'node:crypto';

/** A window takes a frame at once or has gone. */
const KEPT_MS = 60_000;

export function createAsides() {
  const kept = new Map<string, Uint8Array>();
  return {
    /** Answers with a place that nobody can guess. */
    put(frame: Uint8Array): string {
      const place = `/aside/${randomBytes(16).toString('base64url')}`;
      kept.set(place, frame);
      setTimeout(() => kept.delete(place), KEPT_MS).unref();
      return place;
    },
    take(place: string): Uint8Array | null {
      const frame = kept.get(place) ?? null;
      kept.delete(place);
      return frame;
    },
  };
}
