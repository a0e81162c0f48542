/** The application's menu names commands of the window by id. */
import { expect, test } from 'vitest';
import { menus } from '#contract/menu.ts';
import { deskCommands } from '../src/renderer/commands/deskCommands.ts';
import { viewerCommands } from '../src/renderer/viewer/commands.ts';

test('1.1 every id in the menu is a command of the window', () => {
  const ids = Object.values(menus).flatMap((entries) =>
    entries.flatMap((entry) => (Array.isArray(entry) ? [String(entry[1])] : [])),
  );
  const known = new Set([...deskCommands, ...viewerCommands].map(({ id }) => id));
  expect(ids.length).toBeGreaterThan(10);
  expect(ids.filter((id) => !known.has(id))).toEqual([]);
});
