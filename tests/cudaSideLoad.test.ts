/** CUDA's libraries from a folder that IT fills: what is taken, what is refused by name, and that the processor goes on. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createCuda } from '../src/backend/engine/cuda.ts';
import { createEngine, type EngineOptions } from '../src/backend/engine/engine.ts';
import { verifySideLoad } from '../src/backend/engine/sideLoad.ts';
import { sideLoadPlace } from '../src/backend/engine/sideLoadPlace.ts';
import { forkEngine, type StartEngine } from '../src/backend/engine/start.ts';
import { openPackStore } from '../src/backend/files/packs.ts';
import { checkCuda } from '../src/cli/doctorCuda.ts';
import { headerOf, pixelsOf, texture } from '../src/core/imaging/testdata/header.ts';
import { packsFolder } from './packCopy.ts';

const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'raddraft-side-')));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const folder = path.join(home, 'cuda');
const SUMS = path.join(folder, 'SHA256SUMS');
const FILES = [
  'libonnxruntime_providers_cuda.so',
  'libonnxruntime_providers_shared.so',
  'libcudnn_ops.so.9',
  'libnvrtc-builtins.so.13.5',
];
const at = (name: string) => path.join(folder, name);
const lineOf = (name: string) =>
  `${createHash('sha256')
    .update(readFileSync(at(name)))
    .digest('hex')}  ${name}\n`;
const list = (names = FILES) => writeFileSync(SUMS, names.map(lineOf).join(''));

/** No library, so that it does not load; what is verified is bytes. */
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o755 });
  for (const name of FILES) writeFileSync(at(name), `not really ${name}`, { mode: 0o644 });
  list();
});

const refused = async () => {
  const found = await verifySideLoad(folder);
  return found.state === 'refused' ? found.reason : `it is ${found.state}`;
};

describe('1 the folder', () => {
  test('1.1 is taken when every file is the one that the list names', async () => {
    const sums = createHash('sha256').update(readFileSync(SUMS)).digest('hex');
    expect(await verifySideLoad(folder)).toEqual({ state: 'taken', folder, files: FILES, list: sums });
    expect(await verifySideLoad(path.join(home, 'none'))).toEqual({ state: 'none', folder: path.join(home, 'none') });
  });

  test('1.2 one byte more in a file, and it is refused by that file’s name', async () => {
    writeFileSync(at('libcudnn_ops.so.9'), 'another');
    expect(await refused()).toBe(`libcudnn_ops.so.9 in ${folder} is not the file that SHA256SUMS names; copy it again`);
  });

  test('1.3 a file that is not listed, or listed and not there, refuses all', async () => {
    writeFileSync(at('libcublas.so.13'), 'x');
    expect(await refused()).toMatch(/^libcublas\.so\.13 in .* is not in SHA256SUMS/);
    list([...FILES, 'libcublas.so.13']);
    expect((await verifySideLoad(folder)).state).toBe('taken');
    rmSync(at('libcublas.so.13'));
    expect(await refused()).toMatch(/^libcublas\.so\.13 in .* is in SHA256SUMS and not there/);
  });

  test.each([
    'libonnxruntime.so.1',
    'libc.so.6',
    'libcuda.so.1',
    'libcudnn_ops.so.9.sh',
    'run.sh',
    '../libcublas.so.13',
  ])('1.4 %s is no library of CUDA, listed or not', async (name) => {
    writeFileSync(SUMS, `${readFileSync(SUMS, 'utf8')}${'0'.repeat(64)}  ${name}\n`);
    expect(await refused()).toBe(`${name} in SHA256SUMS is no library of CUDA; take it away`);
  });

  test('1.5 no list, one that is none, a name twice, no provider in it', async () => {
    writeFileSync(SUMS, `${lineOf(FILES[0] ?? '')}${lineOf(FILES[0] ?? '')}`);
    expect(await refused()).toMatch(/libonnxruntime_providers_cuda\.so is in SHA256SUMS twice/);
    writeFileSync(SUMS, 'MD5 (x) = y\n');
    expect(await refused()).toMatch(/a line that is not "hash {2}name"/);
    for (const name of FILES.slice(0, 2)) rmSync(at(name));
    list(FILES.slice(2));
    expect(await refused()).toMatch(/does not list libonnxruntime_providers_cuda\.so/);
    rmSync(SUMS);
    expect(await refused()).toMatch(/has no SHA256SUMS/);
  });

  test('1.6 links and folders are refused: what they hold may be another thing tomorrow', async () => {
    renameSync(at('libcudnn_ops.so.9'), path.join(home, 'elsewhere'));
    symlinkSync(path.join(home, 'elsewhere'), at('libcudnn_ops.so.9'));
    expect(await refused()).toMatch(/^libcudnn_ops\.so\.9 in .* is no plain file/);
    rmSync(at('libcudnn_ops.so.9'));
    copyFileSync(path.join(home, 'elsewhere'), at('libcudnn_ops.so.9'));
    mkdirSync(at('glibc-hwcaps'));
    expect(await refused()).toMatch(/^glibc-hwcaps in .* is no plain file/);
  });

  test('1.7 what everybody may write is refused, and so is a folder below such a one', async () => {
    chmodSync(at('libcudnn_ops.so.9'), 0o666);
    expect(await refused()).toMatch(/^libcudnn_ops\.so\.9 in .* can be written by everybody/);
    chmodSync(at('libcudnn_ops.so.9'), 0o644);
    chmodSync(home, 0o777);
    expect(await refused()).toMatch(/raddraft-side-\S+ can be written by everybody/);
    chmodSync(home, 0o700);
    expect((await verifySideLoad(folder)).state).toBe('taken');
  });
});

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('2 the engine', () => {
  const film = {
    pack: 'identity',
    header: headerOf({ columns: 300, rows: 400 }),
    pixels: pixelsOf(300, 400, 'u16', texture(4096)),
  };
  /** What each process was given to load from, as it was then. */
  const given: { folder: string | undefined; links: Record<string, string> }[] = [];
  const start: StartEngine = (libraries) => {
    const names = libraries ? readdirSync(libraries) : [];
    const links = Object.fromEntries(names.map((name) => [name, readlinkSync(path.join(libraries ?? '', name))]));
    given.push({ folder: libraries, links });
    return forkEngine(libraries);
  };
  async function engineWith(over: Partial<EngineOptions> = {}) {
    given.length = 0;
    const packs = await openPackStore([packsFolder]);
    return createEngine({
      start,
      packs,
      choice: 'auto',
      onChange: () => undefined,
      cuda: createCuda({ folder, problem: '' }),
      ...over,
    });
  }

  test('2.1 may load ONNX Runtime’s own library and the verified files, and nothing else; it looked there, and says why it was in vain', async () => {
    const engine = await engineWith();
    const { run } = await engine.analyse(film);
    const [first] = given;
    expect(first?.links).toEqual({
      ...Object.fromEntries(FILES.map((name) => [name, at(name)])),
      'libonnxruntime.so.1': expect.stringMatching(
        /node_modules\/onnxruntime-node\/bin\/.*\/libonnxruntime\.so\.1$/,
      ) as string,
    });
    expect(run.provider).toBe('cpu');
    expect(run.fallback).toMatch(
      /^CUDA is not used: its side-loaded libraries do not load \(libonnxruntime_providers_cuda\.so: .*\)\. The processor \(CPU\) runs the models\.$/,
    );
    expect(engine.state().notice).toBe(run.fallback);
    engine.close();
    await expect.poll(() => existsSync(first?.folder ?? '')).toBe(false);
  });

  test('2.2 with a wrong hash CUDA is not tried, the film is read by the processor, and its record and the settings say so', async () => {
    writeFileSync(at('libcudnn_ops.so.9'), 'another');
    const engine = await engineWith({ choice: 'cuda' });
    const { run } = await engine.analyse(film);
    expect(given).toEqual([{ folder: undefined, links: {} }]);
    expect(run).toMatchObject({
      provider: 'cpu',
      runtime: 'onnxruntime-node 1.30.0',
      fallback: `CUDA is not used: libcudnn_ops.so.9 in ${folder} is not the file that SHA256SUMS names; copy it again. The processor (CPU) runs the models.`,
    });
    expect(engine.state().notice).toBe(`${run.fallback} Tell who looks after this machine.`);
    expect(engine.packs()).toMatchObject([{ state: 'ready', engine: { provider: 'cpu', fallback: run.fallback } }]);

    // Mended, and asked for again: no start of the program is needed.
    writeFileSync(at('libcudnn_ops.so.9'), 'not really libcudnn_ops.so.9');
    await engine.choose('auto');
    expect(given).toHaveLength(2);
    expect(given[1]?.folder).toBeDefined();
    expect(engine.state().notice).toMatch(/do not load/);
    engine.close();
  });

  test('2.3 the processor alone was asked for: nothing is looked at', async () => {
    writeFileSync(at('libcudnn_ops.so.9'), 'another');
    const engine = await engineWith({ choice: 'cpu' });
    expect((await engine.analyse(film)).run.fallback).toBe('');
    expect(engine.state().notice).toBe('');
    expect(given[0]?.folder).toBeUndefined();
    engine.close();
  });

  test('2.4 the doctor names the folder, the count and the list, or the file that is wrong', async () => {
    const place = { folder, problem: '' };
    expect(await checkCuda({ folder: path.join(home, 'none'), problem: '' })).toMatchObject([
      { state: 'ok', found: expect.stringContaining('none are side-loaded') as string },
    ]);
    expect(await checkCuda(place)).toMatchObject([
      { state: 'ok', found: expect.stringContaining(`4 files in ${folder}`) as string },
    ]);
    writeFileSync(at('libcudnn_ops.so.9'), 'another');
    expect(await checkCuda(place)).toMatchObject([
      { state: 'failed', found: expect.stringContaining('libcudnn_ops.so.9') as string },
    ]);
  });

  test('2.5 its place: beside the program, or where the machine’s settings say; settings that anybody could write are not followed', async () => {
    const settings = path.join(home, 'machine.json');
    expect(sideLoadPlace(settings)).toEqual({
      folder: path.resolve(import.meta.dirname, '../runtimes/cuda'),
      problem: '',
    });
    writeFileSync(settings, JSON.stringify({ cuda: folder }), { mode: 0o644 });
    expect(sideLoadPlace(settings)).toEqual({ folder, problem: '' });
    chmodSync(settings, 0o666);
    expect(await checkCuda(sideLoadPlace(settings))).toMatchObject([
      { state: 'failed', found: expect.stringContaining('can be written by others than root') as string },
    ]);
    chmodSync(settings, 0o644);
    writeFileSync(settings, '{"cuda": "beside"}');
    expect(await checkCuda(sideLoadPlace(settings))).toMatchObject([
      { state: 'failed', found: expect.stringContaining('machine.json is not') as string },
    ]);
  });
});
