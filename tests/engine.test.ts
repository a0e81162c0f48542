/** The engine as the backend uses it: a real child process, the real ONNX Runtime, and what happens when they fail. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { createEngine, type Engine, type EngineOptions } from '../src/backend/engine/engine.ts';
import { forkEngine, type StartEngine } from '../src/backend/engine/start.ts';
import { openPackStore } from '../src/backend/files/packs.ts';
import type { EngineState } from '../src/contract/calls.ts';
import type { Wire } from '../src/contract/protocol.ts';
import { samplesOf } from '../src/core/imaging/pixels.ts';
import { prepare } from '../src/core/imaging/prepare.ts';
import { headerOf, pixelsOf, texture } from '../src/core/imaging/testdata/header.ts';
import { copyIdentity, packsFolder, type PackCopy } from './packCopy.ts';

// A temporary folder of their own: what other programs leave in the common one is not theirs.
const temporary = mkdtempSync(path.join(os.tmpdir(), 'raddraft-engine-'));
vi.stubEnv('TMPDIR', temporary);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
});

const engines: Engine[] = [];
const copies: PackCopy[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) engine.close();
  for (const copy of copies.splice(0)) await copy.remove();
});

/** The real way to start an engine, watched: what lives, what never arrives, what happens right after it went out. */
function watched() {
  const watch = {
    started: 0,
    alive: 0,
    swallow: (_: Wire): boolean => false,
    afterSend: (_: { message: Wire; kill: () => void }): void => undefined,
  };
  const start: StartEngine = async () => {
    const engine = await forkEngine();
    watch.started++;
    watch.alive++;
    engine.onExit(() => watch.alive--);
    return {
      ...engine,
      port: {
        ...engine.port,
        send: (message) => {
          if (watch.swallow(message)) return;
          engine.port.send(message);
          watch.afterSend({ message, kill: () => engine.kill() });
        },
      },
    };
  };
  return { watch, start };
}

async function engineOver(folder: string, options: Partial<EngineOptions> = {}) {
  const states: EngineState[] = [];
  const packs = await openPackStore([folder]);
  const engine = createEngine({
    start: forkEngine,
    packs,
    choice: 'cpu',
    onChange: (state) => states.push(state),
    ...options,
  });
  engines.push(engine);
  return { engine, states, packs };
}

async function changedPack(): Promise<PackCopy> {
  const copy = await copyIdentity();
  copies.push(copy);
  return copy;
}

const film = (columns = 300, rows = 400) => ({
  pack: 'identity',
  header: headerOf({ columns, rows }),
  pixels: pixelsOf(columns, rows, 'u16', texture(4096)),
});
const isRun = (message: Wire) => message.t === 'call' && message.name === 'engine.run';
const profiles = async () => (await readdir(temporary)).filter((name) => name.startsWith('raddraft-profile-'));

describe('1 one film', () => {
  test('1.0 crosses once for two runs; another film of the same size is never taken for it', async () => {
    const { engine } = await engineOver(packsFolder);
    const one = film();
    const other = { ...one, pixels: pixelsOf(300, 400, 'u16', (x, y) => 4095 - texture(4096)(x, y)) };
    const first = await engine.analyse(one);
    const again = await engine.analyse(one);
    const second = await engine.analyse(other);
    const back = await engine.analyse(one);
    expect(again.logits).toEqual(first.logits);
    expect(again.maps).toEqual(first.maps);
    expect(second.logits).not.toEqual(first.logits);
    expect(back.logits).toEqual(first.logits);
  });

  test('1.1 equals ONNX Runtime called directly, and says which nodes ran where', async () => {
    const { engine, packs } = await engineOver(packsFolder);
    const { header, pixels } = film();
    const stages: string[] = [];
    const before = await profiles();
    const answer = await engine.analyse(film(), { onStage: (stage) => stages.push(stage) });
    expect(stages).toEqual(['loading model', 'preparing', 'model']);

    const { pack, folder } = packs.get('identity');
    const session = await ort.InferenceSession.create(path.join(folder, pack.graph.weights));
    const { tensor } = prepare(pack.input, header, pixels);
    const direct = await session.run({ image: new ort.Tensor('float32', tensor, [1, 1, 320, 320]) });
    const [logits, cam] = [direct['logits'], direct['cam']];
    expect(answer.logits).toHaveLength(1);
    expect(answer.logits[0]).toBeCloseTo(Number(logits?.data[0]), 6);
    const [map] = answer.maps;
    expect(map).toMatchObject({ rows: 40, columns: 40 });
    const found = samplesOf('f32', map?.bytes ?? new Uint8Array());
    const expected = Float32Array.from(cam?.data as Float32Array);
    const largest = Math.max(...expected);
    expect(found).toHaveLength(1600);
    found.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? 0) / largest)).toBeLessThan(1e-5));

    expect(answer.run).toEqual({
      provider: 'cpu',
      nodes: { CPUExecutionProvider: 3 },
      fallback: '',
      runtime: 'onnxruntime-node 1.30.0',
    });
    expect(answer.timings.load).toBeGreaterThan(0);
    expect(await profiles()).toEqual(before);
    expect(engine.packs()).toMatchObject([{ id: 'identity', state: 'ready', engine: answer.run }]);
  });

  test('1.2 a colour film and a pack that is not here are refused before anything starts', async () => {
    const { watch, start } = watched();
    const { engine } = await engineOver(packsFolder, { start });
    const { header, pixels } = film();
    await expect(
      engine.analyse({ pack: 'identity', header, pixels: { ...pixels, samplesPerPixel: 3 } }),
    ).rejects.toMatchObject({ code: 'unsupported' });
    await expect(engine.analyse({ ...film(), pack: 'other' })).rejects.toMatchObject({ code: 'not-found' });
    expect(watch.started).toBe(0);
    expect(engine.state().state).toBe('down');
  });

  test('1.3 a film with fewer samples than it says is refused and does not end the engine', async () => {
    const { watch, start } = watched();
    const { engine } = await engineOver(packsFolder, { start });
    const { pixels, ...rest } = film();
    const short = { ...rest, pixels: { ...pixels, data: pixels.data.subarray(0, 500) } };
    await expect(engine.analyse(short)).rejects.toMatchObject({ code: 'invalid-input' });
    await engine.analyse(film());
    expect(watch.started).toBe(1);
  });
});

describe('2 providers', () => {
  test.skipIf(ort.listSupportedBackends().some(({ name, bundled }) => name === 'cuda' && bundled))(
    '2.1 CUDA that cannot be had falls back to the processor and says so',
    async () => {
      const { engine, states } = await engineOver(packsFolder, { choice: 'cuda' });
      const { run } = await engine.analyse(film());
      if (run.provider === 'cuda') return expect(run.nodes['CUDAExecutionProvider']).toBeGreaterThan(0);
      expect(run).toMatchObject({ provider: 'cpu', nodes: { CPUExecutionProvider: 3 } });
      expect(run.fallback).toMatch(/^CUDA is not used: .*The processor \(CPU\) runs the models\.$/);
      expect(engine.state()).toMatchObject({ choice: 'cuda', state: 'ready', notice: run.fallback });
      expect(states.at(-1)?.notice).toBe(run.fallback);
    },
  );

  test('2.2 another choice starts the process anew and shows at once what it means', async () => {
    const { watch, start } = watched();
    const { engine } = await engineOver(packsFolder, { start });
    await engine.analyse(film());
    const state = await engine.choose('dml');
    if (process.platform !== 'win32')
      expect(state).toMatchObject({
        choice: 'dml',
        run: { provider: 'cpu' },
        notice:
          'DirectML is not used: it is not part of ONNX Runtime on this system. The processor (CPU) runs the models.',
      });
    expect(watch.started).toBe(2);
    expect(await engine.choose('cpu')).toMatchObject({ choice: 'cpu', run: { provider: 'cpu' }, notice: '' });
  });
});

describe('3 cancel and time', () => {
  test('3.1 cancelling the running job kills the process; the next job works in a new one', async () => {
    const { watch, start } = watched();
    const { engine, states } = await engineOver(packsFolder, { start });
    const controller = new AbortController();
    watch.afterSend = ({ message }) => isRun(message) && controller.abort();
    await expect(engine.analyse(film(2000, 2500), { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    watch.afterSend = () => undefined;
    const { logits } = await engine.analyse(film());
    expect(logits).toHaveLength(1);
    expect(watch).toMatchObject({ started: 2, alive: 1 });
    expect(states.map(({ state }) => state)).toContain('starting');
    expect(engine.state()).toMatchObject({ state: 'ready', restarts: 1, notice: '' });
  });

  test('3.2 cancelling a waiting job leaves the running one alone', async () => {
    const { watch, start } = watched();
    const { engine } = await engineOver(packsFolder, { start });
    const controller = new AbortController();
    const running = engine.analyse(film());
    const waiting = engine.analyse(film(), { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    expect((await running).logits).toHaveLength(1);
    expect(watch).toMatchObject({ started: 1, alive: 1 });
  });

  test('3.3 a process that does not answer in time is ended and that is said; the next job works', async () => {
    const { watch, start } = watched();
    const { engine } = await engineOver(packsFolder, { start, limits: { load: 60_000, run: 1500 } });
    watch.swallow = isRun;
    await expect(engine.analyse(film())).rejects.toMatchObject({
      code: 'timed-out',
      message: 'The engine took longer than 1.5 s and was ended.',
    });
    watch.swallow = () => false;
    expect((await engine.analyse(film())).logits).toHaveLength(1);
    expect(watch).toMatchObject({ started: 2, alive: 1 });
  });

  test('3.4 jobs are done in the order in which they came', async () => {
    const { engine } = await engineOver(packsFolder);
    const order: number[] = [];
    await Promise.all([0, 1, 2, 3].map((i) => engine.analyse(film(100 + i, 100)).then(() => order.push(i))));
    expect(order).toEqual([0, 1, 2, 3]);
  });
});

describe('4 crashes', () => {
  test('4.1 a process that dies in the middle of a job is started again and the job repeated once', async () => {
    const { watch, start } = watched();
    const { engine, states } = await engineOver(packsFolder, { start });
    const calm = await engine.analyse(film());
    let kills = 1;
    watch.afterSend = ({ message, kill }) => isRun(message) && kills-- > 0 && kill();
    const answer = await engine.analyse(film());
    expect(answer.logits).toEqual(calm.logits);
    expect(watch.started).toBe(2);
    expect(engine.state()).toMatchObject({ state: 'ready', restarts: 1 });
    expect(engine.state().failure).toMatch(/^The engine failed; it was started again and the job repeated\.$/);
    expect(engine.state().notice).toContain(engine.state().failure);
    expect(states.map(({ state }) => state)).toContain('down');
    await engine.analyse(film());
    expect(engine.state()).toMatchObject({ notice: '', failure: '' });
  });

  test('4.2 one that dies again is given up; the job after it works', async () => {
    const { watch, start } = watched();
    const { engine } = await engineOver(packsFolder, { start });
    watch.afterSend = ({ message, kill }) => isRun(message) && kill();
    await expect(engine.analyse(film())).rejects.toMatchObject({ code: 'engine-failed' });
    expect(engine.state().notice).toMatch(/twice/);
    watch.afterSend = () => undefined;
    expect((await engine.analyse(film())).logits).toHaveLength(1);
    expect(watch.started).toBe(3);
    expect(engine.packs()).toMatchObject([{ state: 'ready' }]);
  });

  test('4.3 one that dies between jobs is noticed and replaced', async () => {
    const { watch, start } = watched();
    const { engine } = await engineOver(packsFolder, { start });
    let end: () => void = () => undefined;
    watch.afterSend = ({ kill }) => (end = kill);
    await engine.analyse(film());
    end();
    await expect.poll(() => engine.state().state).toBe('down');
    expect((await engine.analyse(film())).logits).toHaveLength(1);
    expect(watch.started).toBe(2);
  });

  test('4.4 an engine that cannot be started at all is an error that says so', async () => {
    const { engine } = await engineOver(packsFolder, {
      start: () => Promise.reject(new Error('no such program')),
    });
    await expect(engine.analyse(film())).rejects.toMatchObject({ code: 'engine-failed' });
    expect(engine.state()).toMatchObject({ state: 'down', run: null });
  });

  test('4.5 closing ends the process and refuses what waits', async () => {
    const { watch, start } = watched();
    const { engine } = await engineOver(packsFolder, { start });
    await engine.analyse(film());
    const both = [engine.analyse(film(2000, 2500)), engine.analyse(film())];
    engine.close();
    const results = await Promise.allSettled(both);
    expect(results).toMatchObject([{ reason: { code: 'closed' } }, { reason: { code: 'closed' } }]);
    await expect.poll(() => watch.alive).toBe(0);
    expect(watch.started).toBe(1);
  });
});

describe('5 packs that are not what they should be', () => {
  test('5.1 one changed byte is refused by name and nothing is started', async () => {
    const copy = await changedPack();
    await flip(path.join(copy.folder, 'weights/identity.onnx'));
    const { watch, start } = watched();
    const { engine } = await engineOver(copy.parent, { start });
    await expect(engine.analyse(film())).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('weights/identity.onnx') as string,
    });
    expect(watch.started).toBe(0);
  });

  test('5.2 a byte changed after the pack was found is refused by the engine itself, and stays refused', async () => {
    const copy = await changedPack();
    const { engine } = await engineOver(copy.parent);
    const weights = path.join(copy.folder, 'weights/identity.onnx');
    await flip(weights);
    const refusal = { code: 'refused', message: expect.stringContaining('weights/identity.onnx') as string };
    await expect(engine.analyse(film())).rejects.toMatchObject(refusal);
    expect(engine.packs()).toMatchObject([{ state: 'failed', reason: refusal.message }]);
    await flip(weights);
    await expect(engine.analyse(film())).rejects.toMatchObject(refusal);
    expect(await engine.check('identity')).toMatchObject({ state: 'ready', reason: '' });
    expect((await engine.analyse(film())).logits).toHaveLength(1);
  });

  test('5.3 golden numbers that do not come out refuse the pack', async () => {
    const copy = await changedPack();
    await copy.describe((pack) => ({ ...pack, golden: pack.golden.map((golden) => ({ ...golden, logits: [0.2] })) }));
    const { engine } = await engineOver(copy.parent);
    const state = await engine.check('identity');
    expect(state).toMatchObject({ state: 'failed', engine: null });
    expect(state.reason).toMatch(
      /the self-test failed on golden\/film-1\.png: expected identity = 0\.2 ± 0\.0001, found 0\.083/,
    );
    await expect(engine.analyse(film())).rejects.toMatchObject({ code: 'refused', message: state.reason });
  });

  test('5.4 operators from elsewhere are refused though every hash is right', async () => {
    const copy = await changedPack();
    const weights = path.join(copy.folder, 'weights/identity.onnx');
    const foreign = [8 * 8 + 2, 15, 10, 11, ...Buffer.from('com.foreign'), 16, 1]; // opset_import
    await writeFile(weights, Buffer.concat([await readFile(weights), Buffer.from(foreign)]));
    await copy.describe();
    const { engine } = await engineOver(copy.parent);
    expect((await engine.check('identity')).reason).toMatch(/only operators of ONNX itself, found .* com\.foreign/);
  });

  test('5.5 a file that is no model is refused though every hash is right', async () => {
    const copy = await changedPack();
    await writeFile(path.join(copy.folder, 'weights/identity.onnx'), 'version https://git-lfs');
    await copy.describe();
    const { engine } = await engineOver(copy.parent);
    expect(await engine.check('identity')).toMatchObject({ state: 'failed' });
  });
});

async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  await writeFile(file, bytes);
}
