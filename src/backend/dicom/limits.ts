/** Caps on what one file may ask for; a file beyond them is refused before anything is allocated. */

/** A frame: more than three times the largest film plate in use (about 30 million pixels). */
export const MAX_FRAME_PIXELS = 100_000_000;
/** A deflated file or frame may not grow beyond this (bytes). */
export const MAX_INFLATED_BYTES = 512 * 1024 * 1024;
/** Sequences within sequences; the deepest standard objects use about ten. */
export const MAX_NESTING = 32;
/** Elements at the top level of a data set. */
export const MAX_ELEMENTS = 100_000;
/** A PNG or JPEG picture: its decoder holds four samples a pixel and more. */
export const MAX_PICTURE_PIXELS = 40_000_000;
