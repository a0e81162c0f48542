/** Everything that the window can do, as one table: menus, keys, the palette and Electron's menu are made of it. */
import type { access } from '#contract/roles.ts';
import type { Desk } from '../state/desk.svelte.ts';
import { viewerCommands, type CommandGroup } from '../viewer/commands.ts';
import { deskCommands } from './deskCommands.ts';

export type Group = CommandGroup | 'Study' | 'Report' | 'Help';

export interface Command {
  id: string;
  title: string;
  /** Default key as `keyChord` writes it; settings may name another. */
  key: string;
  group: Group;
  /** Offered only to who may make this call. */
  needs?: keyof typeof access;
  run: (desk: Desk) => unknown;
}

export const commands: readonly Command[] = [
  ...deskCommands,
  ...viewerCommands.map((command): Command => ({
    ...command,
    needs: 'image.pixels',
    run: (desk) => desk.reading.study && command.run(desk.viewer),
  })),
];

/** Menus by their name, in order; each part is a section of it. */
export const menus: readonly { name: string; groups: readonly Group[] }[] = [
  { name: 'Study', groups: ['Study'] },
  { name: 'Report', groups: ['Report'] },
  { name: 'AI', groups: ['AI'] },
  { name: 'Image', groups: ['Image', 'Tool'] },
  { name: 'Zoom', groups: ['Zoom'] },
  { name: 'Window', groups: ['Window'] },
  { name: 'Stack', groups: ['Stack'] },
  { name: 'Help', groups: ['Help'] },
];

/** The key of a command: the person's own, or the one that it comes with. Empty: none. */
export const keyOf = (command: Pick<Command, 'id' | 'key'>, own: Record<string, string>): string =>
  own[command.id] ?? command.key;

/** Commands that answer to the same key: chord → commands, only where there is more than one. */
export function conflicts(all: readonly Command[], own: Record<string, string>): Map<string, Command[]> {
  const byKey = new Map<string, Command[]>();
  for (const command of all) {
    const key = keyOf(command, own);
    if (key) byKey.set(key, [...(byKey.get(key) ?? []), command]);
  }
  return new Map([...byKey].filter(([, same]) => same.length > 1));
}

const signs: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page up',
  PageDown: 'Page down',
  Escape: 'Esc',
  Delete: 'Del',
  Meta: 'Cmd',
};

/** A chord as it is written on a keyboard: `Ctrl+Shift+ArrowUp` → `Ctrl Shift ↑`, `Ctrl++` → `Ctrl +`. */
export function keyLabel(chord: string): string {
  const plus = chord === '+' || chord.endsWith('++');
  const parts = (plus ? chord.slice(0, -1) : chord).split('+').filter((part) => part !== '');
  return [...parts.map((part) => signs[part] ?? part), ...(plus ? ['+'] : [])].join(' ');
}
