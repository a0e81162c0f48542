/** Many files at once: folders, ZIPs, DICOMDIRs; what was cut off goes on; a full disk stops it and nothing is half. */
import { fork, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportReport } from '#contract/calls.ts';
import { JobId } from '#core/study/ids.ts';
import type { Element } from '../src/backend/dicom/write.ts';
import { dicomDirectory, numberedFilm } from './importFiles.ts';
import { importStation, type ImportStation } from './importStation.ts';
import { zipFile, type ZipItem } from './zipFile.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-many-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const at = (...parts: string[]) => path.join(home, ...parts);
function write(name: string, bytes: Uint8Array | string): string {
  const file = at(name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}
const outcomes = ({ entries }: Pick<ImportReport, 'entries'>) => {
  const counts: Record<string, number> = {};
  for (const { outcome } of entries) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};
const reasonsOf = (entries: ImportReport['entries']) =>
  Object.fromEntries(entries.map(({ name, outcome, reason }) => [name, `${outcome}: ${reason}`]));

let station: ImportStation;
beforeAll(async () => {
  station = await importStation(home);
});
afterAll(() => station.close());

describe('1 ZIP', () => {
  const good: ZipItem[] = [
    { name: 'A/one.dcm', bytes: numberedFilm(1, 1) },
    { name: 'A/two.dcm', bytes: numberedFilm(1, 2), method: 0 },
    { name: 'A/', bytes: new Uint8Array() },
    { name: 'note.txt', bytes: new TextEncoder().encode('read me') },
  ];

  test('1.1 by path: every file is named below the archive, folders are not', async () => {
    const { entries } = await station.open([write('study.zip', zipFile(good))]);
    expect(entries.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['study.zip › A/one.dcm', 'read'],
      ['study.zip › A/two.dcm', 'read'],
      ['study.zip › note.txt', 'refused'],
    ]);
  });

  test('1.2 handed over by a browser, with a ZIP inside it and one more inside that', async () => {
    const innermost = zipFile([{ name: 'deep.dcm', bytes: numberedFilm(2, 9) }]);
    const inner = zipFile([
      { name: 'in.dcm', bytes: numberedFilm(2, 1) },
      { name: 'third.zip', bytes: innermost },
    ]);
    const entries = await station.handOver({ 'cd/outer.zip': zipFile([{ name: 'inner.zip', bytes: inner }]) });
    expect(reasonsOf(entries)).toEqual({
      'cd/outer.zip › inner.zip › in.dcm': 'read: ',
      'cd/outer.zip › inner.zip › third.zip': expect.stringContaining('found a third') as string,
    });
  });

  test('1.3 ZIP64', async () => {
    const zip = zipFile([{ name: 'large.dcm', bytes: numberedFilm(3, 1), zip64: true }]);
    expect((await station.open([write('sixty-four.zip', zip)])).entries).toMatchObject([
      { name: 'sixty-four.zip › large.dcm', outcome: 'read' },
    ]);
  });

  const film = numberedFilm(4, 1);
  const bad: [string, ZipItem[], RegExp][] = [
    ['a password', [{ name: 'x.dcm', bytes: film, encrypted: true }], /without a password, found an encrypted/],
    ['a wrong checksum', [{ name: 'x.dcm', bytes: film, crc: 1 }], /whose checksum is wrong/],
    ['another compression', [{ name: 'x.dcm', bytes: film, method: 14 }], /compression method 14/],
    ['a name that climbs', [{ name: '../../etc/x.dcm', bytes: film }], /leads out of it/],
    ['a name that climbs by backslashes', [{ name: '..\\..\\x.dcm', bytes: film }], /leads out of it/],
    ['an absolute name', [{ name: '/etc/x.dcm', bytes: film }], /leads out of it/],
    ['a name with a drive', [{ name: 'C:\\x.dcm', bytes: film }], /leads out of it/],
    ['a link', [{ name: 'x.dcm', bytes: new TextEncoder().encode('/etc/passwd'), mode: 0o120777 }], /found a link/],
    ['less than it says', [{ name: 'x.dcm', bytes: film, declared: film.length + 1 }], /checksum is wrong/],
    ['more than it says', [{ name: 'x.dcm', bytes: film, declared: film.length - 1 }], /checksum is wrong/],
    ['sizes that no data can have', [{ name: 'x.dcm', bytes: film, declared: 4e9 }], /larger than its data can be/],
    [
      'files upon each other',
      [
        { name: 'a', bytes: film },
        ...Array.from({ length: 9 }, (_, i): ZipItem => ({ name: `b${i}`, bytes: film, overlap: true })),
      ],
      /lie upon each other/,
    ],
    ['nothing', [], /found none/],
  ];
  test.each(bad)('1.4 a ZIP with %s is refused by name, and nothing is stored', async (_what, items, words) => {
    const before = await station.stored();
    const { entries } = await station.open([write('bad.zip', zipFile(items))]);
    for (const entry of entries)
      expect([entry.outcome, entry.reason]).toEqual(['refused', expect.stringMatching(words)]);
    expect(entries.length).toBeGreaterThan(0);
    expect(await station.stored()).toBe(before);
  });

  test('1.5 a bomb is not inflated: 2.2 GB of zeros in 2 MB', async () => {
    const packed = new Uint8Array(deflateRawSync(Buffer.alloc(64 * 2 ** 20)));
    const items = Array.from({ length: 35 }, (_, i): ZipItem => ({
      name: `zeros${i}`,
      bytes: new Uint8Array(),
      packed,
      declared: 64 * 2 ** 20,
    }));
    const entries = await station.handOver({ 'bomb.zip': zipFile(items) });
    expect(reasonsOf(entries)).toEqual({ 'bomb.zip': expect.stringMatching(/found 2 GB packed into/) as string });
  });

  test('1.6 a damaged archive, and one cut off', async () => {
    const zip = zipFile(good);
    for (const bytes of [zip.subarray(0, zip.length - 30), zip.subarray(0, 100), Uint8Array.from([0x50, 0x4b, 3, 4])]) {
      const { entries } = await station.open([write('cut.zip', bytes)]);
      expect(reasonsOf(entries)).toEqual({ 'cut.zip': expect.stringMatching(/whole ZIP, found one/) as string });
    }
  });
});

describe('2 folders and DICOMDIR', () => {
  test('2.1 a folder with everything below it: names below the folder, links not followed, a loop ends', async () => {
    const folder = at('tree');
    write('tree/a/1.dcm', numberedFilm(10, 1));
    write('tree/a/b/2.dcm', numberedFilm(10, 2));
    symlinkSync(folder, at('tree/a/loop'));
    symlinkSync('/etc/hostname', at('tree/a/elsewhere'));
    expect(reasonsOf((await station.open([folder])).entries)).toEqual({
      'a/1.dcm': 'read: ',
      'a/b/2.dcm': 'read: ',
      'a/elsewhere': expect.stringContaining('found a link') as string,
      'a/loop': expect.stringContaining('found a link') as string,
    });
  });

  const medium = (folder: string, n: number): string => {
    write(`${folder}/IMAGES/IM1`, numberedFilm(n, 1));
    write(`${folder}/images2/im2`, numberedFilm(n, 2));
    write(`${folder}/viewer.exe`, 'MZ');
    return write(
      `${folder}/DICOMDIR`,
      dicomDirectory([
        ['IMAGES', 'IM1'],
        ['IMAGES2', 'IM2'],
        ['IMAGES', 'GONE'],
        ['..', 'tree', 'a', '1.dcm'],
        ['IMAGES', 'LINK'],
      ]),
    );
  };

  test('2.2 the DICOMDIR opened: what it names and nothing else, in any case, never outside its folder', async () => {
    const file = medium('cd1', 11);
    symlinkSync(at('tree/a/1.dcm'), at('cd1/IMAGES/LINK'));
    expect(reasonsOf((await station.open([file])).entries)).toEqual({
      'IMAGES/IM1': 'read: ',
      'IMAGES2/IM2': 'read: ',
      'IMAGES/GONE': expect.stringContaining('found none. Copy the whole medium') as string,
      '../tree/a/1.dcm': expect.stringContaining('leads elsewhere') as string,
      'IMAGES/LINK': expect.stringContaining('leads elsewhere') as string,
    });
  });

  test('2.3 its folder opened: everything, and what is missing', async () => {
    medium('cd2', 12);
    expect(reasonsOf((await station.open([at('cd2')])).entries)).toEqual({
      'IMAGES/IM1': 'read: ',
      'images2/im2': 'read: ',
      'viewer.exe': expect.stringContaining('refused') as string,
      'IMAGES/GONE': expect.stringContaining('found none. Copy the whole medium') as string,
      'IMAGES/LINK': expect.stringContaining('found none. Copy the whole medium') as string,
      '../tree/a/1.dcm': expect.stringContaining('leads elsewhere') as string,
    });
  });

  test('2.4 the same in a ZIP, and handed over by a browser', async () => {
    const directory = dicomDirectory([
      ['A', 'ONE'],
      ['A', 'TWO'],
    ]);
    const files = (n: number) => ({ 'a/one': numberedFilm(n, 1), DICOMDIR: directory });
    const zip = zipFile(Object.entries(files(13)).map(([name, bytes]) => ({ name, bytes })));
    expect(reasonsOf(await station.handOver({ 'cd.zip': zip }))).toEqual({
      'cd.zip › a/one': 'read: ',
      'cd.zip › A/TWO': expect.stringContaining('found none') as string,
    });
    const handed = Object.fromEntries(Object.entries(files(14)).map(([name, bytes]) => [`CD/${name}`, bytes]));
    expect(reasonsOf(await station.handOver(handed))).toEqual({
      'CD/a/one': 'read: ',
      'CD/A/TWO': expect.stringContaining('found none') as string,
    });
  });

  test('2.5 a DICOMDIR alone, and a damaged one', async () => {
    const alone = dicomDirectory([
      ['A', 'ONE'],
      ['A', 'TWO'],
    ]);
    expect(reasonsOf(await station.handOver({ DICOMDIR: alone }))).toEqual({
      DICOMDIR: expect.stringContaining('found none of them. Open the folder') as string,
    });
    expect(reasonsOf(await station.handOver({ DICOMDIR: alone.subarray(0, alone.length - 20) }))).toEqual({
      DICOMDIR: expect.stringContaining('DICOMDIR') as string,
    });
  });
});

describe('3 the list', () => {
  const COUNT = 60;
  const many = (name: string, study: number, count = COUNT): string => {
    for (let n = 0; n < count; n++) write(`${name}/${String(n).padStart(3, '0')}.dcm`, numberedFilm(study, n));
    for (let n = 0; n < 5; n++) write(`${name}/note${n}.txt`, `note ${n}`);
    return at(name);
  };

  test('3.1 tells what every file became, by outcome and page by page', async () => {
    const folder = many('list', 20);
    const report = await station.open([folder]);
    expect(outcomes(report)).toEqual({ read: COUNT, refused: 5 });
    const [newest] = await station.api['import.lists']({});
    expect(newest).toMatchObject({
      name: 'list',
      state: 'done',
      files: COUNT + 5,
      counts: { read: COUNT, refused: 5 },
    });
    const id = newest?.id ?? '';
    const page = await station.api['import.list']({ id, offset: 10, limit: 7 });
    expect(page.entries.map(({ name }) => name)).toEqual(report.entries.slice(10, 17).map(({ name }) => name));
    expect(page.total).toBe(COUNT + 5);
    const refused = await station.api['import.list']({ id, outcome: 'refused' });
    expect([refused.total, refused.entries.length]).toEqual([5, 5]);
    expect(refused.entries.every(({ reason }) => /Expected .+, found .+\./.test(reason))).toBe(true);
    await expect(station.api['import.list']({ id: 'none' })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('3.2 an opening that ended is read anew; one that was cancelled goes on', async () => {
    expect(outcomes(await station.open([at('list')]))).toEqual({ 'already-here': COUNT, refused: 5 });
    const folder = many('cancelled', 21);
    const controller = new AbortController();
    const first = station.open([folder], { signal: controller.signal });
    await new Promise<void>((resolve) => {
      const stop = station.on('study.changed', () => resolve(stop()));
    });
    controller.abort();
    const cut = await first;
    expect(cut.cancelled).toBe(true);
    expect(cut.entries.length).toBeGreaterThan(0);
    expect(cut.entries.length).toBeLessThan(COUNT + 5);
    expect((await station.api['import.lists']({}))[0]).toMatchObject({ state: 'stopped' });
    const changed = at('cancelled', cut.entries[0]?.name ?? '');
    utimesSync(changed, 1, 1);
    const rest = await station.open([folder]);
    // All that was read before, but for the file that changed since: it is read again, and is there already.
    expect(rest.resumed).toBe(cut.entries.length - 1);
    expect(outcomes(rest)).toEqual({ read: COUNT - 1, 'already-here': 1, refused: 5 });
    const [list] = await station.api['import.lists']({});
    expect(list).toMatchObject({
      state: 'done',
      files: COUNT + 5,
      counts: { read: COUNT - 1, 'already-here': 1, refused: 5 },
    });
  });

  test('3.3 a browser asks before it hands files over, and what was read is not handed over again', async () => {
    const { api } = station;
    const job = JobId.parse('browser-1');
    const files = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`folder/${n}.dcm`, numberedFilm(22, n)]));
    const asked = Object.entries(files).map(([name, bytes]) => ({ name, bytes: bytes.length, modified: 1000 }));
    expect(await api['import.known']({ job, files: asked })).toEqual({ indexes: [], entries: [] });
    const sources = [];
    for (const [name, bytes] of Object.entries(files).slice(0, 3)) {
      const { upload } = await api['upload.begin']({ name, bytes: bytes.length, modified: 1000 });
      await api['upload.piece']({ upload, offset: 0, bytes: new Uint8Array(bytes) });
      sources.push({ kind: 'upload', upload } as const);
    }
    const first = await api['import.run']({ job, sources, more: true });
    expect(outcomes(first)).toEqual({ read: 3 });
    // The window goes away; another opens the same folder, and a minute has passed.
    await station.close();
    station = await importStation(home);
    const known = await station.api['import.known']({ job: JobId.parse('browser-2'), files: asked });
    expect(known.indexes).toEqual([0, 1, 2]);
    expect(known.entries.map(({ outcome }) => outcome)).toEqual(['read', 'read', 'read']);
    const changed = asked.map((file) => ({ ...file, modified: 2000 }));
    expect((await station.api['import.known']({ job: JobId.parse('browser-2'), files: changed })).indexes).toEqual([]);
  });

  test('3.4 after kill -9 nothing that was read is read again', async () => {
    const count = 200;
    const folder = many('killed', 23, count);
    const child = fork(path.resolve(import.meta.dirname, 'importChild.ts'), [at('killed-data'), folder], {
      env: { ...process.env, RADDRAFT_KEY: at('machine.key') },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await new Promise((resolve) => child.once('message', resolve));
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    const other = await importStation(home, 'killed-data');
    try {
      const [list] = await other.api['import.lists']({});
      const read = list?.counts.read ?? 0;
      expect([list?.state, read > 0, read < count]).toEqual(['stopped', true, true]);
      const stored = (await other.api['study.list']({})).studies[0]?.instances ?? 0;
      expect(stored).toBe(read);
      const rest = await other.open([folder]);
      expect(rest.resumed).toBeGreaterThanOrEqual(read);
      expect(outcomes(rest)).toEqual({ read: count, refused: 5 });
      expect((await other.api['audit.verify']({})).intact).toBe(true);
    } finally {
      await other.close();
    }
  });
});

/** A file system of a few megabytes: real, and really full. Needs the right to mount. */
function smallDisk(name: string): string | null {
  const folder = at(name);
  mkdirSync(folder);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder]);
  return status === 0 ? folder : null;
}
const disk = process.platform === 'linux' ? smallDisk('disk') : null;
afterAll(() => {
  if (disk) spawnSync('umount', ['-l', disk]);
});

describe.skipIf(!disk)(disk ? '4 a full disk' : '4 a full disk (skipped: no small disk can be mounted here)', () => {
  test('4.1 stops the opening with a clear word, leaves nothing half, and goes on once there is room', async () => {
    const folder = at('plates');
    const COUNT = 12;
    for (let n = 0; n < COUNT; n++) write(`plates/${n}.dcm`, plate(n));
    // What stands for the rest of the disk.
    const ballast = at('disk', 'ballast');
    writeFileSync(ballast, new Uint8Array(2 * 2 ** 20));
    const small = await importStation(at('disk'));
    try {
      const report = await small.open([folder]);
      expect(report.stopped).toMatch(/disk is full/);
      const read = report.entries.length;
      expect([read > 0, read < COUNT]).toEqual([true, true]);
      expect(report.entries.every(({ outcome }) => outcome === 'read')).toBe(true);
      await whole(small, read);
      expect((await small.api['import.lists']({}))[0]).toMatchObject({ state: 'stopped' });
      // Again, while it is still full: the same word, and nothing more.
      expect((await small.open([folder])).stopped).toMatch(/disk is full/);
      rmSync(ballast);
      spawnSync('mount', ['-o', 'remount,size=40m', at('disk')]);
      const rest = await small.open([folder]);
      expect([rest.stopped, rest.resumed >= read, rest.entries.length]).toEqual(['', true, COUNT]);
      await whole(small, COUNT);
    } finally {
      await small.close();
    }
  });

  /** Every image that is listed opens, the log is intact, and nothing unfinished lies about. */
  async function whole({ api }: ImportStation, images: number): Promise<void> {
    const [study] = (await api['study.list']({})).studies;
    expect(study?.instances).toBe(images);
    if (!study) return;
    const { series } = await api['study.open']({ study: study.id });
    for (const { id } of series.flatMap(({ instances }) => instances))
      expect((await api['image.info']({ instance: id, frame: 0 })).rows).toBe(400);
    expect(readdirSync(at('disk', 'data', 'objects', 'new'))).toEqual([]);
    expect((await api['audit.verify']({})).intact).toBe(true);
  }

  /** 400 × 400, of noise: 320 kB that stay 320 kB. */
  function plate(n: number): Uint8Array {
    const pixels = new Uint8Array(320_000).map((_, i) => (i * 2_654_435_761 + n * 97) >>> 13);
    const size: Element[] = [
      ['0028,0010', 'US', 400],
      ['0028,0011', 'US', 400],
      ['7fe0,0010', 'OW', pixels],
    ];
    return numberedFilm(30, n, size);
  }
});
