/** Settings: one row each, checked by the contract's schema. */
import * as z from 'zod';
import { Settings } from '#contract/calls.ts';
import { toJson } from '../files/json.ts';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';
import { Json } from './rows.ts';

/** A stored value that this version does not understand counts as not set. */
export function getSettings(read: Read): Settings {
  const rows = read.all(z.object({ name: z.string(), value: Json(z.unknown()) }), 'SELECT name, value FROM settings');
  const known = Object.keys(Settings.shape);
  const understood = rows.filter(
    ({ name, value }) => known.includes(name) && Settings.partial().safeParse({ [name]: value }).success,
  );
  return Settings.parse(Object.fromEntries(understood.map(({ name, value }) => [name, value])));
}

/** Answers with all settings. Only the names of what changed go into the log; what is as it was is no change. */
export function setSettings(write: Write, change: Partial<Settings>, by: { at: number; actor: string }): Settings {
  const before: Readonly<Record<string, unknown>> = getSettings(write);
  const changed = Object.entries(change).filter(
    ([name, value]) => value !== undefined && toJson(value) !== toJson(before[name]),
  );
  for (const [name, value] of changed)
    write.run(
      'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      toJson(value),
    );
  if (changed.length > 0)
    append(write, { ...by, event: 'settings.changed', subject: changed.map(([name]) => name).join(' ') });
  return getSettings(write);
}
