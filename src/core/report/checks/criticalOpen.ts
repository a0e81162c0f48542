/** Critical results of the study that nobody was told of yet: whatever the text says, telling cannot wait for it. */
import type { CheckResult } from './check.ts';

/** `open`: what was found, in the reader's words. */
export const criticalOpen = (open: readonly string[]): CheckResult[] =>
  open.map((finding) => ({
    check: 'critical-open',
    label: null,
    places: [],
    message: `Nobody was told of it yet: ${finding}.`,
  }));
