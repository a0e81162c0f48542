/** Stations (`records.ts`) that close, and folders that go, with the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { BackendOptions } from '#backend/backend.ts';
import { fill, inStore, peopled, stationIn, type Station } from './records.ts';

export * from './records.ts';

/** Keys and data under one temporary folder. */
export function stationFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-records-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const openStation = (folder: string, over: Partial<BackendOptions> = {}): Promise<Station> =>
  stationIn(folder, over, (close) => onTestFinished(close));

export async function peopledStation(over: Partial<BackendOptions> = {}): Promise<Station> {
  const folder = stationFolder();
  await inStore(folder, (store) => fill(store));
  return peopled(await openStation(folder, over));
}
