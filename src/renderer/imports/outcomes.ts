/** What became of a file, in words and as a mark. */
import type { IconName } from '../ui/icons.ts';
import type { Outcome } from './rows.ts';

export const words: Record<Outcome, string> = {
  conflict: 'In conflict with an image that is already here: nothing was replaced',
  refused: 'Refused',
  'already-here': 'Already here',
  read: 'Read',
  'needs-confirmation': 'Waiting for you',
};

/** On a button, with its count. */
export const short: Record<Outcome, string> = { ...words, conflict: 'In conflict' };

export const marks: Record<Outcome, IconName> = {
  conflict: 'warning',
  refused: 'error',
  'already-here': 'info',
  read: 'check',
  'needs-confirmation': 'info',
};
