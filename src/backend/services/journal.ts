/** Notes for the audit log that no change of the data carries: a study opened, an image viewed. */
import { append, type AuditEntry } from '../db/audit.ts';
import type { Store } from '../db/store.ts';

export interface Journal {
  /**
   * Written within `AFTER_MS`, several together, and never after a row of something that happened later. What cannot be written (a full disk) waits for the next time: nobody
   * is kept from reading for it.
   */
  note(entry: AuditEntry): void;
  /** Writes what waits; a failure leaves it waiting. */
  flush(): void;
}

const AFTER_MS = 50;
const MOST = 10_000;

export function createJournal(store: Store): Journal {
  let waiting: AuditEntry[] = [];
  let timer: NodeJS.Timeout | null = null;

  store.takeAlong({
    write: (write) => waiting.forEach((entry) => append(write, entry)),
    kept: () => (waiting = []),
  });

  function flush(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (waiting.length === 0) return;
    try {
      store.write(() => undefined);
    } catch {
      // Kept for the next time; the oldest go when it never comes.
      waiting = waiting.slice(-MOST);
    }
  }

  return {
    note(entry) {
      waiting.push(entry);
      timer ??= setTimeout(flush, AFTER_MS);
    },
    flush,
  };
}
