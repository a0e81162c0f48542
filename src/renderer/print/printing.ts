/** What goes on paper. */
import type { AuditHead } from '#contract/records.ts';
import type { ReleasedVersion } from '#core/report/signing.ts';
import type { ShownKeyImage } from './keyImages.svelte.ts';

export interface Printing {
  /** Milliseconds since 1970. */
  at: number;
  /** The text that was released, exactly; null for a report that is still being written. */
  released: { version: ReleasedVersion; text: string } | null;
  /** The log's head when it was printed; null where nothing is released. */
  head: Pick<AuditHead, 'seq' | 'hash'> | null;
  images: readonly ShownKeyImage[];
  withOverlay: boolean;
}
