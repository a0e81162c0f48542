/** Writes a key press as a chord such as `Ctrl+Shift+I`, `Space`, `ArrowUp` or `+`: what settings and menus hold. */

interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
  isComposing: boolean;
}

const modifiers = new Set([
  'Control',
  'Shift',
  'Alt',
  'AltGraph',
  'Meta',
  'CapsLock',
  'NumLock',
  'Dead',
  'Unidentified',
]);

/**
 * Empty for a modifier alone, a dead key, and while an input method composes. Letters are upper case and name Shift;
 * for other characters Shift is part of the character (`?`, not `Shift+/`). A layout that writes other letters than
 * Latin ones answers with the Latin letter that stands on the key.
 */
export function keyChord(event: KeyPress): string {
  if (event.isComposing || modifiers.has(event.key)) return '';
  const onKey = /^Key([A-Z])$/.exec(event.code)?.[1];
  const letter = /^[a-z]$/i.test(event.key)
    ? event.key.toUpperCase()
    : onKey !== undefined && /^[^\p{ASCII}]$/u.test(event.key)
      ? onKey
      : null;
  const key = letter ?? (event.key === ' ' ? 'Space' : event.key);
  const showsShift = letter !== null || key.length > 1;
  return [
    event.ctrlKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey && showsShift ? 'Shift' : '',
    event.metaKey ? 'Meta' : '',
    key,
  ]
    .filter((part) => part !== '')
    .join('+');
}
