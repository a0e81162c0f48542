/** From a key press to a command. */
import type { Desk } from '../state/desk.svelte.ts';
import { keyChord } from '../viewer/keys.ts';
import { commands, keyOf } from './command.ts';
import { runCommand } from './run.ts';

/** Keys that a text field needs for itself, whatever a command may want. */
const fieldKeys = /^(Ctrl|Meta)\+(Shift\+)?[ACVXYZ]$/;

/** Runs the command of a key press; whether there was one. */
export function runKey(event: KeyboardEvent, desk: Desk): boolean {
  if (event.defaultPrevented || document.querySelector('dialog[open]')) return false;
  const chord = keyChord(event);
  if (!chord || !mayRun(chord, event.target)) return false;
  const command = commands.find((candidate) => keyOf(candidate, desk.settings.value.keys) === chord);
  if (!command) return false;
  event.preventDefault();
  runCommand(desk, command);
  return true;
}

function mayRun(chord: string, target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return true;
  const field = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  // A list of choices is gone to by the letters of a choice.
  const typing =
    (field && target.type !== 'radio' && target.type !== 'checkbox') ||
    target instanceof HTMLSelectElement ||
    target.isContentEditable;
  if (typing) return /^(Ctrl|Alt|Meta)\+|^F\d+$/.test(chord) && !(field && fieldKeys.test(chord));
  // A focused control keeps the keys that work it.
  const control = target.closest('button, a, summary, select, input, [role="menu"], [role="separator"]');
  return !(
    control &&
    /^(Space|Enter|Arrow\w+|Home|End)$/.test(chord) &&
    control.closest('[data-own-keys], button, summary, select, input')
  );
}
