/** Runs a command in the window that it belongs to, and hears what the shell and the other window ask for. */
import type { Desk } from '../state/desk.svelte.ts';
import { commands, type Command } from './command.ts';

/** Of two windows, the report's commands belong to the one that has it, those of studies and images to the other. */
export function runCommand(desk: Desk, command: Command): void {
  const ofReport = command.group === 'Report' && command.id !== 'report.window';
  const anywhere = command.group === 'Help' || command.id === 'report.window';
  const { part } = desk.pair;
  if (!anywhere && ((part === 'image' && ofReport) || (part === 'report' && !ofReport))) desk.pair.send(command.id);
  else void command.run(desk);
}

/** Whether a command can do anything in this window at all. */
export const isOffered = (desk: Desk, { id }: Command): boolean =>
  id !== 'report.window' || (desk.host.shell === 'electron' && desk.pair.part !== 'report');

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
