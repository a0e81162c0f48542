/** What the viewer does otherwise for the display's test pattern: it opens one to one, and a line says what it is for. */
import type { ImageHeader } from '#core/imaging/header.ts';

export const isTestPattern = ({ imageType }: ImageHeader): boolean => imageType.includes('TESTPATTERN');

/** In the settings. */
export const NOT_CALIBRATED =
  'This display is not calibrated by RadDraft: grey values on it are not assured for reading (no GSDF check was made).';

/** On the pattern itself. */
export const NOT_CALIBRATED_SHORT = 'Display not calibrated: no GSDF check was made';
