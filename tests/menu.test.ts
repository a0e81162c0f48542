/** Electron's menu names commands of the window by id; main may not import the window, so this test compares them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { deskCommands } from '../src/renderer/commands/deskCommands.ts';
import { viewerCommands } from '../src/renderer/viewer/commands.ts';

test('1.1 every id in Electron’s menu is a command of the window', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../src/main/menu.ts'), 'utf8');
  const ids = [...text.matchAll(/\['[^']+', '([^']+)'\]/g)].map(([, id]) => id);
  const known = new Set([...deskCommands, ...viewerCommands].map(({ id }) => id));
  expect(ids.length).toBeGreaterThan(10);
  expect(ids.filter((id) => !known.has(id ?? ''))).toEqual([]);
});
