/** Runs a command in the window that it belongs to, and hears what the shell and the other window ask for. */
import type { Desk } from '../state/desk.svelte.ts';
import { commands, type Command } from './command.ts';

/** Of two windows, the report's commands belong to the one that has it, those of studies and images to the other. */
export function runCommand(desk: Desk, command: Command): void {
  if (!isAllowed(desk, command)) {
    // Before anybody is signed in, or in a locked window, there is nothing to explain.
    if (desk.session.inside) desk.toasts.show(`“${command.title.replace('…', '')}” is not for your role`);
    return;
  }
  const ofReport = command.group === 'Report' && command.id !== 'report.window';
  const anywhere = command.group === 'Help' || command.id === 'report.window';
  const { part } = desk.pair;
  if (!anywhere && ((part === 'image' && ofReport) || (part === 'report' && !ofReport))) desk.pair.send(command.id);
  else void command.run(desk);
}

const isAllowed = (desk: Desk, { needs }: Command): boolean => needs === undefined || desk.session.mayCall(needs);

/** Whether a command can do anything in this window, for the person who sits here. */
export const isOffered = (desk: Desk, command: Command): boolean =>
  isAllowed(desk, command) &&
  (command.id !== 'report.window' || (desk.host.shell === 'electron' && desk.pair.part !== 'report'));

function runById(desk: Desk, id: string): void {
  const command = commands.find((candidate) => candidate.id === id);
  if (command) runCommand(desk, command);
}

/** Answers with the function that stops hearing. */
export function hear(desk: Desk): () => void {
  desk.pair.onCommand((id) => runById(desk, id));
  return desk.host.onWord((word) => {
    if (word.word === 'command') runById(desk, word.id);
    else if (word.word === 'open') void desk.openPaths(word.paths);
    else if (word.word === 'recovered') void desk.recover();
    else if (word.word === 'sleep') void desk.reading.session?.flush();
    else void desk.wake();
  });
}
