/** Keeps what was used last within a budget of bytes (or of whatever `put` counts); the newest entry always stays, however large. */

export interface Lru<V> {
  get(key: string): V | undefined;
  put(key: string, value: V, bytes: number): void;
  has(key: string): boolean;
  clear(): void;
}

export function createLru<V>(budget: number): Lru<V> {
  const entries = new Map<string, { value: V; bytes: number }>(); // a Map remembers the order of insertion
  let held = 0;
  const drop = (key: string) => {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    put(key, value, bytes) {
      drop(key);
      entries.set(key, { value, bytes });
      held += bytes;
      for (const oldest of entries.keys()) {
        if (held <= budget || entries.size === 1) break;
        drop(oldest);
      }
    },
    has: (key) => entries.has(key),
    clear() {
      entries.clear();
      held = 0;
    },
  };
}
