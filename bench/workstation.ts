/** A backend in this very process, so that the pauses of its loop can be seen (pauses.ts). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Product } from '#contract/calls.ts';
import type { Api } from '#contract/protocol.ts';
import type { StudyId } from '#core/study/ids.ts';
import { listen } from '../src/server/listen.ts';
import { openStation, take, type Station } from '../tests/station.ts';

/** An empty place for one run; `RADDRAFT_KEY` points into it. */
export function temporaryHome(name = 'bench'): { home: string; remove(): void } {
  const home = mkdtempSync(path.join(tmpdir(), `raddraft-${name}-`));
  process.env['RADDRAFT_KEY'] = path.join(home, 'machine.key');
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

export const openWorkstation = (home: string, allowsPaths = false): Promise<Station> =>
  openStation(home, { allowsPaths });

/** The same backend with a window in a real browser; where the backend's own loop counts, `openProgram`. */
export async function openWindow(browser: Browser, station: Station): Promise<{ page: Page; close(): void }> {
  let address = '';
  const server = await listen({
    port: 0,
    files: path.resolve(import.meta.dirname, '../dist/renderer'),
    serve: (port) => station.backend.serve(port),
    onAddress: (next) => (address = next),
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(address);
  return { page, close: () => server.close() };
}

export async function upload(api: Api<Product>, bytes: Uint8Array): Promise<StudyId> {
  const { study, reason } = await take(api, 'film', bytes);
  if (!study) throw new Error(`the film was not read: ${reason}`);
  return study;
}

export const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

export async function timed<T>(work: () => Promise<T> | T): Promise<{ value: T; ms: number }> {
  const began = performance.now();
  const value = await work();
  return { value, ms: performance.now() - began };
}
