import { describe, expect, test } from 'vitest';
import { viewerCommands } from './commands.ts';
import { keyChord } from './keys.ts';

const press = (key: string, more: Partial<Parameters<typeof keyChord>[0]> = {}) =>
  keyChord({
    key,
    code: '',
    ctrlKey: false,
    altKey: false,
    shiftKey: false,
    metaKey: false,
    isComposing: false,
    ...more,
  });

describe('1 chords', () => {
  test('1.1 letters are upper case and name Shift', () => {
    expect(press('i')).toBe('I');
    expect(press('I', { shiftKey: true })).toBe('Shift+I');
    expect(press('I', { shiftKey: true, ctrlKey: true })).toBe('Ctrl+Shift+I');
  });

  test('1.2 other characters carry Shift in themselves', () => {
    expect(press('+', { shiftKey: true })).toBe('+');
    expect(press('1', { shiftKey: true, code: 'Digit1' })).toBe('1'); // a French keyboard
    expect(press('?', { shiftKey: true, altKey: true })).toBe('Alt+?');
  });

  test('1.3 named keys', () => {
    expect(press(' ')).toBe('Space');
    expect(press('ArrowLeft', { shiftKey: true })).toBe('Shift+ArrowLeft');
    expect(press('PageDown')).toBe('PageDown');
  });

  test('1.4 a Cyrillic, Greek or Hebrew layout answers with the letter that stands on the key', () => {
    expect(press('ц', { code: 'KeyW' })).toBe('W');
    expect(press('Ш', { code: 'KeyI', shiftKey: true })).toBe('Shift+I');
    expect(press('é', { code: 'Digit2' })).toBe('é');
  });

  test('1.5 modifiers alone, dead keys and composed text are no chord', () => {
    for (const key of ['Shift', 'Control', 'Dead', 'AltGraph']) expect(press(key)).toBe('');
    expect(press('a', { isComposing: true })).toBe('');
  });

  test('1.6 no two commands have the same id or key, and every key is a chord that can be pressed', () => {
    for (const part of ['id', 'key'] as const)
      expect(new Set(viewerCommands.map((command) => command[part])).size).toBe(viewerCommands.length);
    for (const { key } of viewerCommands)
      expect(key).toMatch(/^(Shift\+)?([A-Z]|[0-9]|[+\-[\]]|Arrow\w+|Delete|Home|End|Page\w+)$/);
  });
});
