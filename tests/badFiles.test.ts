/** Damaged, foreign and hostile files at the door of the store and on the command line. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ImportOutcome } from '#contract/calls.ts';
import { badFiles, hostileFilms, programFilm } from './badFiles.ts';
import { writePhantom } from './e2e/phantoms.ts';
import { numberedFilm } from './importFiles.ts';
import { importStation, type ImportStation } from './importStation.ts';
import { hasShared, needsShared, shared } from './shared.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-bad-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Expected, found, what to do: three sentences' worth. */
const SAID = /^Expected .+, found .+\. .+\.$/s;

let station: ImportStation;
beforeAll(async () => {
  station = await importStation(home);
  await station.handOver({ 'good.dcm': numberedFilm(60, 1) });
});
afterAll(() => station.close());

describe('1 at the door of the store', () => {
  test.each(badFiles)(
    '1.1 $name is refused by name, and nothing that is stored changes',
    async ({ name, bytes, words }) => {
      const before = await station.stored();
      const [handed] = await station.handOver({ [name]: bytes });
      mkdirSync(path.join(home, 'files'), { recursive: true });
      const file = path.join(home, 'files', name);
      writeFileSync(file, bytes);
      const named = await station.open([file]);
      for (const entry of [handed, ...named.entries])
        expect([entry?.outcome, entry?.reason]).toEqual(['refused', expect.stringMatching(SAID) as string]);
      expect(handed?.reason).toMatch(words);
      expect(await station.stored()).toBe(before);
    },
  );

  test('1.2 a film cut off at forty places is never read', async () => {
    const film = numberedFilm(61, 1);
    const before = await station.stored();
    const cuts = Array.from({ length: 40 }, (_, i) => Math.floor((film.length * i) / 40));
    const entries = await station.handOver(
      Object.fromEntries(cuts.map((length) => [`cut-${length}.dcm`, film.subarray(0, length)])),
    );
    expect(entries.filter(({ outcome, reason }) => outcome !== 'refused' || !SAID.test(reason))).toEqual([]);
    expect(await station.stored()).toBe(before);
  });

  test('1.3 a program in front of the film: read, and the person is told', async () => {
    const [entry] = await station.handOver({ 'film.exe': programFilm() });
    expect(entry).toMatchObject({ outcome: 'read', reason: expect.stringMatching(/look like a program/) as string });
  });

  test('1.4 a film without spacing: read, and no millimetres are made up', async () => {
    const [entry] = await station.handOver({ 'plain.dcm': numberedFilm(62, 1) });
    const { study } = z.object({ study: z.string() }).parse(entry);
    const summary = (await station.api['study.list']({ text: 'P62' })).studies[0];
    expect(summary?.id).toBe(study);
    const { series } = await station.api['study.open']({ study: summary?.id ?? expect.fail() });
    expect(series[0]?.instances[0]?.header).toMatchObject({ pixelSpacing: null, imagerPixelSpacing: null });
  });

  test('1.5 hostile names are text, whole or shortened, and files may be called anything', async () => {
    for (const { name, patient, bytes } of hostileFilms) {
      const [entry] = await station.handOver({ [`<b>${name}\u202e`]: bytes });
      expect(entry).toMatchObject({ outcome: 'read', name: `<b>${name}\u202e` });
      const { studies } = await station.api['study.list']({ limit: 500 });
      const found = studies.find(({ id }) => id === entry?.study);
      const [alphabetic = '', ideographic = ''] = patient.split('=');
      expect(found?.patient.name.alphabetic).toBe(alphabetic.slice(0, 4096));
      expect(found?.patient.name.ideographic).toBe(ideographic);
    }
  });
});

describe.skipIf(!hasShared)(needsShared('2 real files'), () => {
  const folder = (name: string) =>
    readdirSync(shared('dicom', name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));

  test('2.1 every name in every character set, and every broken file there is: read or refused, never anything else', async () => {
    const report = await station.open([...folder('charset'), ...folder('pydicom')]);
    expect(report.entries.length).toBeGreaterThan(120);
    const strange = report.entries.filter(
      ({ outcome, reason }) =>
        (outcome === 'refused' && !SAID.test(reason)) || !ImportOutcome.safeParse(outcome).success,
    );
    expect(strange).toEqual([]);
    expect(report.entries.filter(({ outcome }) => outcome === 'read').length).toBeGreaterThan(60);
    expect((await station.api['audit.verify']({})).intact).toBe(true);
  });
});

describe('3 on the command line', () => {
  const Result = z.object({
    film: z.object({ file: z.string() }),
    notUsed: z.array(z.object({ file: z.string(), reason: z.string() })),
  });
  function raddraft(...args: string[]) {
    const program = path.resolve(import.meta.dirname, '../src/cli/main.ts');
    const env = { ...process.env, RADDRAFT_KEY: path.join(home, 'key'), RADDRAFT_DATA: path.join(home, 'none') };
    return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: home, env });
  }

  test('3.1 a folder of them with one film: the film is read, every other is listed with its reason', () => {
    const folder = path.join(home, 'mixed');
    mkdirSync(folder);
    // Its header is whole, and of another study: a folder of two studies is refused as that.
    const unreadable = badFiles.filter(({ name }) => name !== 'compressed-rubbish.dcm');
    for (const { name, bytes } of unreadable) writeFileSync(path.join(folder, name), bytes);
    const film = path.basename(writePhantom(folder, 3));
    const { status, stdout } = raddraft('analyze', folder, '--json', '--engine', 'cpu');
    expect(status).toBe(0);
    const { film: read, notUsed } = Result.parse(JSON.parse(stdout));
    expect(read.file).toBe(film);
    for (const { name, words } of unreadable) {
      const told = notUsed.find(({ file }) => file === name || file.startsWith(`${name} ›`));
      expect([name, told?.reason]).toEqual([name, expect.stringMatching(SAID) as string]);
      expect(told?.reason).toMatch(words);
    }
  });

  test.each(['report.dcm', 'compressed-rubbish.dcm'])(
    '3.2 %s alone: one clear line, and no trace of the program’s inside',
    (name) => {
      const { status, stdout, stderr } = raddraft('analyze', path.join(home, 'files', name));
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^raddraft: Expected .+, found .+\. .+\.\n$/);
    },
  );

  test('3.3 nothing was stored', () => {
    expect(readdirSync(home)).not.toContain('none');
    expect(readFileSync(path.join(home, 'mixed', 'empty.dcm')).length).toBe(0);
  });
});
