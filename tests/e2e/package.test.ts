/** The packaged program: what is in it, and the deb installed, used and removed, without this folder's node_modules. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { depends } from '../../scripts/package/deb.ts';
import { sizeOf } from '../../scripts/package/size.ts';
import { openDisplay, type Display } from './display.ts';
import { ground, isAlive, processesBelow } from './desktop.ts';
import { remotePage, type RemotePage } from './devtools.ts';
import { writePhantom } from './phantoms.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pictures = process.env['RADDRAFT_PICTURES'];
const here = ground();
const missing =
  'missing' in here ? here.missing : spawnSync('dpkg-deb', ['--version']).error ? 'dpkg-deb is not here' : null;
const major = 'runtime' in here ? here.runtime.major : 0;
const ours = mkdtempSync(path.join(tmpdir(), 'raddraft-package-'));
const out = path.join(ours, 'out');
const unpacked = path.join(out, 'linux-unpacked');
const modules = path.join(unpacked, 'resources/app.asar.unpacked/node_modules');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

const run = (program: string, args: string[], env: NodeJS.ProcessEnv = process.env) => {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env,
    timeout: 240_000,
    maxBuffer: 1e8,
  });
  return { status, text: `${stdout}${stderr}` };
};

const what = 'the packaged program';
describe.skipIf(missing !== null)(missing === null ? what : `${what} (skipped: ${missing})`, () => {
  let deb = '';
  let display: Display;

  beforeAll(async () => {
    if (!('runtime' in here) || missing !== null) return;
    display = await openDisplay();
    const test = major < 42 ? ['--test'] : [];
    const { status, text } = run(
      process.execPath,
      [path.join(root, 'scripts/package.ts'), '--to', 'deb', '--out', out, ...test],
      {
        ...process.env,
        ELECTRON_OVERRIDE_DIST_PATH: path.dirname(here.runtime.program),
      },
    );
    expect(status, text).toBe(0);
    deb = path.join(out, readdirSync(out).find((name) => name.endsWith('.deb')) ?? '');
  }, 420_000);
  afterAll(() => {
    display?.close();
    rmSync(ours, { recursive: true, force: true, maxRetries: 10 });
  });

  describe('1 what is in it', () => {
    test('1.1 only this platform’s programs', () => {
      const machine = process.arch === 'arm64' ? 0xb7 : 0x3e; // ELF e_machine
      const kinds = filesBelow(unpacked).map((file) => {
        const head = readFileSync(file).subarray(0, 20);
        const magic = head.length >= 20 ? head.readUInt32BE(0) : 0;
        if (magic === 0x7f454c46) return [file, head.readUInt16LE(18) === machine ? 'ours' : 'ELF of another machine'];
        if (head.subarray(0, 2).toString('latin1') === 'MZ') return [file, 'Windows'];
        return [file, [0xfeedface, 0xfeedfacf, 0xcafebabe, 0xcffaedfe].includes(magic) ? 'macOS' : 'no program'];
      });
      expect(kinds.filter(([, kind]) => kind === 'ours').map(([file]) => path.basename(file ?? ''))).toEqual(
        expect.arrayContaining(['raddraft', 'chrome-sandbox', 'onnxruntime_binding.node', 'libonnxruntime.so.1']),
      );
      expect(kinds.filter(([, kind]) => kind !== 'ours' && kind !== 'no program')).toEqual([]);
    });

    test('1.2 no sources, no tests, no tools of its making, no path of the machine that made it', () => {
      const files = filesBelow(path.join(unpacked, 'resources'));
      expect(files.filter((file) => /\.([mc]?ts|svelte|map)$/.test(file))).toEqual([]);
      for (const tool of ['electron', 'electron-builder', 'vite', 'vitest', 'typescript', 'svelte', 'playwright-core'])
        expect(existsSync(path.join(modules, tool)), tool).toBe(false);
      const own = files.filter((file) => /app\.asar$|dist[\\/]node/.test(file));
      expect(own.length).toBeGreaterThan(5);
      expect(own.filter((file) => readFileSync(file).includes(root))).toEqual([]);
    });

    test('1.3 the packs lie beside the archive, and nothing of their training', () => {
      const models = path.join(unpacked, 'resources/models');
      expect(readdirSync(models)).toContain('chest-findings');
      expect(existsSync(path.join(models, 'training'))).toBe(false);
      expect(existsSync(path.join(models, 'chest-findings/pack.json'))).toBe(true);
    });

    test('1.4 the fuses are set (checklist 19)', () => {
      // Of the wire: 32 bytes that mark it, its version, its length, one digit a fuse (@electron/fuses).
      const program = readFileSync(path.join(unpacked, 'raddraft'));
      const at = program.indexOf('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
      expect(at).toBeGreaterThan(0);
      const [version, length] = program.subarray(at + 32, at + 34);
      const wire = program.subarray(at + 34, at + 34 + (length ?? 0)).toString('latin1');
      expect(version).toBe(1);
      // runAsNode, cookieEncryption, nodeOptions, nodeCliInspect, asarIntegrity, onlyLoadAppFromAsar, browserV8Snapshot
      expect(wire.slice(0, 7)).toBe('0100110');
      // grantFileProtocolExtraPrivileges came with Electron 29.
      if (major >= 29) expect(wire[7]).toBe('0');
    });

    test('1.5 a bill of materials and the licences name everything that was packed', () => {
      const Bill = z.object({
        bomFormat: z.literal('CycloneDX'),
        components: z.array(z.object({ name: z.string(), version: z.string(), type: z.string() })),
      });
      const about = path.join(unpacked, 'resources/about');
      const bill = Bill.parse(JSON.parse(readFileSync(path.join(about, 'sbom.cdx.json'), 'utf8')));
      const named = new Set(bill.components.map(({ name, version }) => `${name} ${version}`));
      const licences = readFileSync(path.join(about, 'licences.txt'), 'utf8');
      const Manifest = z.object({ name: z.string(), version: z.string() });
      const packed = filesBelow(modules)
        .filter((file) => /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file))
        .map((file) => Manifest.parse(JSON.parse(readFileSync(file, 'utf8'))));
      expect(packed.length).toBeGreaterThan(10);
      for (const { name, version } of packed) {
        expect(named, name).toContain(`${name} ${version}`);
        expect(licences).toContain(`\n${name} ${version}: `);
      }
      // Bundled into the window: named in no package.json of the folder.
      const names = new Set(bill.components.map(({ name }) => name));
      for (const name of ['svelte', 'prosemirror-view', 'cornerstone-core', '@fontsource/inter', 'zod', 'electron'])
        expect(names, name).toContain(name);
      expect(bill.components).toContainEqual(
        expect.objectContaining({ name: 'chest-findings', type: 'machine-learning-model' }),
      );
    });

    test('1.6 its size', () => {
      const node = path.join(unpacked, 'resources/node');
      const whole = (sizeOf(unpacked) - (existsSync(node) ? sizeOf(node) : 0)) / 1e6;
      console.log(
        `packaged: ${whole.toFixed(0)} MB without the Node of a test build; the deb ${(sizeOf(deb) / 1e6).toFixed(0)} MB`,
      );
      expect(whole).toBeLessThan(400);
    });

    test('1.7 the deb says what it needs, opens DICOM files from the desktop, and has Chromium’s helper', () => {
      const fields = run('dpkg-deb', ['--field', deb]).text;
      expect(fields).toMatch(/^Package: raddraft$/m);
      expect(fields).toContain(`Depends: ${depends.join(', ')}`);
      const listed = run('dpkg-deb', ['--contents', deb]).text;
      expect(listed).toMatch(/^-rwsr-xr-x root\/root .*\/opt\/RadDraft\/chrome-sandbox$/m);
      expect(listed).toMatch(/\/usr\/share\/applications\/raddraft\.desktop$/m);
      expect(listed).toMatch(/\/usr\/share\/icons\/hicolor\/512x512\/apps\/raddraft\.png$/m);
      expect(listed.split('\n').filter((line) => line !== '' && !line.includes(' root/root '))).toEqual([]);
      // electron-builder.yml names the same libraries for the deb that it would make.
      const yml = readFileSync(path.join(root, 'electron-builder.yml'), 'utf8');
      for (const library of depends) expect(yml).toContain(`- ${library.split(' ')[0] ?? ''}`);
      // Its default for an AppImage is --no-sandbox.
      expect(yml).toMatch(/^appImage:\n {2}executableArgs: \[\]$/m);
    });
  });

  describe('2 installed, used, removed', () => {
    const system = path.join(ours, 'system');
    const home = path.join(ours, 'home');
    const data = path.join(home, 'data');
    const program = path.join(system, 'opt/RadDraft/raddraft');
    const dpkg = (...args: string[]) =>
      run('dpkg', [
        `--instdir=${system}`,
        `--admindir=${path.join(system, 'var/lib/dpkg')}`,
        '--force-not-root',
        '--force-depends',
        '--force-unsafe-io',
        ...args,
      ]);
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const environment = (): NodeJS.ProcessEnv => ({
      PATH: '/usr/bin:/bin',
      HOME: home,
      DISPLAY: display.name,
      RADDRAFT_KEY: path.join(home, 'machine.key'),
      // An environment must not decide what a shipped program executes.
      RADDRAFT_NODE: '/bin/false',
      ELECTRON_RUN_AS_NODE: '1',
    });
    /** As a person types it. */
    const raddraft = (...words: string[]) => run(path.join(system, 'usr/bin/raddraft'), words, environment());
    const cuda = path.join(system, 'opt/RadDraft/resources/runtimes/cuda');
    let child: ChildProcess | null = null;
    let page: RemotePage | null = null;
    const inPage = (expression: string) => page?.evaluate(expression);
    const words = async () => String(await inPage('document.body.innerText'));

    beforeAll(() => {
      if (missing !== null) return;
      for (const folder of ['info', 'updates', 'triggers'])
        mkdirSync(path.join(system, 'var/lib/dpkg', folder), { recursive: true });
      writeFileSync(path.join(system, 'var/lib/dpkg/status'), '');
      mkdirSync(home);
    });
    afterAll(() => void child?.kill('SIGKILL'));

    test('2.1 dpkg installs it, where no node_modules is near', () => {
      const { status, text } = dpkg('-i', deb);
      expect(status, text).toBe(0);
      expect(dpkg('-s', 'raddraft').text).toContain('Status: install ok installed');
      expect(existsSync(program)).toBe(true);
      expect(lstatSync(path.join(system, 'usr/bin/raddraft')).isSymbolicLink()).toBe(true);
      if (process.getuid?.() === 0)
        expect(statSync(path.join(system, 'opt/RadDraft/chrome-sandbox')).mode & 0o7777).toBe(0o4755);
      for (let folder = path.dirname(program); folder !== '/'; folder = path.dirname(folder))
        expect(existsSync(path.join(folder, 'node_modules'))).toBe(false);
    });

    test('2.2 its doctor finds nothing wrong', () => {
      const { status, text } = raddraft('doctor', '--data', data);
      expect(text).toContain('codec JPEG 2000: decodes');
      expect(text).toContain('encrypted database: written encrypted and read again');
      expect(text).toMatch(/pack chest-findings [\d.]+: runs on/);
      expect(text).toContain(`CUDA libraries: none are side-loaded; their place is ${cuda}`);
      expect(text).not.toContain('FAIL');
      expect(status, text).toBe(0);
    });

    test('2.3 started with a film, it shows it', async () => {
      const film = writePhantom(home, 41);
      // Its fuses keep the driver's own door shut; Chromium's is open to who starts it.
      child = spawn(program, [...sandbox, '--remote-debugging-port=0', `--data=${data}`, film], {
        cwd: home,
        env: environment(),
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
      const address = () => /DevTools listening on (ws:\S+)/.exec(said)?.[1] ?? '';
      await expect.poll(address, { timeout: 20_000 }).not.toBe('');
      await expect.poll(async () => (page = await remotePage(address())) !== null, { timeout: 20_000 }).toBe(true);
      expect(page?.url).toBe('app://raddraft/index.html');
      await expect.poll(() => words(), { timeout: 30_000 }).toContain('SYNTHETIC-E2E-41');
      await expect
        .poll(() => inPage("document.querySelectorAll('.area[data-image]').length"), { timeout: 30_000 })
        .toBe(1);
    }, 120_000);

    test('2.4 a draft is made, and what is typed is stored', async () => {
      await inPage("[...document.querySelectorAll('button')].find((b) => /^Draft report/.test(b.innerText)).click()");
      await expect
        .poll(() => inPage("document.querySelectorAll('.ProseMirror p').length"), { timeout: 60_000 })
        .toBeGreaterThan(1);
      await inPage(`(() => {
        const last = [...document.querySelectorAll('.ProseMirror p')].at(-1);
        document.querySelector('.ProseMirror').focus();
        getSelection().selectAllChildren(last);
        getSelection().collapseToEnd();
      })()`);
      await page?.insertText(' Typed into the installed program.');
      await expect.poll(() => words()).toContain('Typed into the installed program.');
      await expect.poll(() => inPage("document.querySelectorAll('.save.saved').length"), { timeout: 20_000 }).toBe(1);
      if (!pictures) return;
      mkdirSync(pictures, { recursive: true });
      writeFileSync(path.join(pictures, 'package-draft.png'), (await page?.screenshot()) ?? '');
    }, 90_000);

    test('2.5 asked to end it leaves no process behind', async () => {
      const started = child;
      if (!started?.pid) throw new Error('expected a program');
      const all = processesBelow(started.pid);
      page?.close();
      started.kill('SIGTERM');
      if (started.exitCode === null && started.signalCode === null) await once(started, 'exit');
      await expect.poll(() => all.filter(isAlive), { timeout: 10_000 }).toEqual([]);
      expect(existsSync(path.join(data, 'raddraft.db'))).toBe(true);
    });

    test('2.6 a module that the environment names is not loaded into it', () => {
      const evil = path.join(home, 'evil.cjs');
      const mark = path.join(home, 'mark');
      writeFileSync(
        evil,
        `if (process.versions.electron) require('node:fs').writeFileSync(${JSON.stringify(mark)}, 'x');`,
      );
      const { status } = run(program, [...sandbox, '--cli', '--version'], {
        ...environment(),
        NODE_OPTIONS: `--require=${evil}`,
      });
      expect(status).toBe(0);
      expect(existsSync(mark)).toBe(false);
    });

    test('2.7 every command that its help names is a word of `raddraft`, and ends as the command line ends', () => {
      const { status, text } = raddraft('--help');
      expect(status, text).toBe(0);
      const commands = [...new Set([...text.matchAll(/^ {2}raddraft ([a-z]+)/gm)].map(([, name]) => name ?? ''))];
      expect(commands).toEqual(
        expect.arrayContaining(['analyze', 'packs', 'audit', 'backup', 'keys', 'rescue', 'doctor']),
      );
      const script = readFileSync(path.join(system, 'opt/RadDraft/bin/raddraft'), 'utf8');
      for (const command of commands) expect(script).toMatch(new RegExp(`[ |]${command} \\|`));
      expect(raddraft('analyze')).toMatchObject({
        status: 2,
        text: expect.stringMatching(/^raddraft: Expected one file/m) as string,
      });
    });

    test('2.8 it reads a film, looks into the data that the window wrote, and copies them', () => {
      const read = raddraft(
        'analyze',
        writePhantom(home, 42),
        '--engine',
        'cpu',
        '--json',
        '--out',
        path.join(home, 'out'),
      );
      expect(read.status, read.text).toBe(0);
      expect(readdirSync(path.join(home, 'out')).toSorted()).toEqual(['draft.txt', 'overlay.png', 'result.json']);
      expect(raddraft('audit', 'verify', '--data', data)).toMatchObject({ status: 0 });
      const backups = path.join(home, 'backups');
      mkdirSync(backups);
      const made = raddraft('backup', 'make', backups, '--data', data);
      expect(made.status, made.text).toBe(0);
      const [copy = ''] = readdirSync(backups);
      expect(raddraft('backup', 'verify', path.join(backups, copy))).toMatchObject({
        status: 0,
        text: expect.stringContaining('The backup is whole and opens') as string,
      });
    });

    test('2.8b without a display, and nobody to lend one: a Node on board runs it, else that is said', () => {
      const tools = path.join(home, 'tools');
      mkdirSync(tools);
      for (const tool of ['dirname', 'readlink', 'id'])
        symlinkSync(path.join('/usr/bin', tool), path.join(tools, tool));
      const bare = { ...environment(), PATH: tools, DISPLAY: '', NODE_OPTIONS: '--require=/nowhere.cjs' };
      const { status, text } = run(path.join(system, 'usr/bin/raddraft'), ['doctor', '--data', data], bare);
      if (existsSync(path.join(system, 'opt/RadDraft/resources/node/node'))) {
        expect(text).toMatch(/pack chest-findings [\d.]+: runs on/);
        expect(text).toContain('encrypted database: written encrypted and read again');
        expect(status, text).toBe(0);
      } else expect({ status, text }).toEqual({ status: 2, text: expect.stringContaining('found none') as string });
    });

    test('2.9 CUDA’s libraries beside it with a wrong hash: its doctor names the file, and the processor goes on', () => {
      mkdirSync(cuda, { recursive: true });
      const names = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'];
      for (const name of names) writeFileSync(path.join(cuda, name), 'another');
      writeFileSync(path.join(cuda, 'SHA256SUMS'), names.map((name) => `${'0'.repeat(64)}  ${name}\n`).join(''));
      const { status, text } = raddraft('doctor', '--data', data);
      expect(status).toBe(1);
      expect(text).toMatch(/^FAIL {2}CUDA libraries: libonnxruntime_providers_cuda\.so in .* is not the file/m);
      expect(text).toMatch(
        /pack chest-findings .*: runs on cpu, .*CUDA is not used: libonnxruntime_providers_cuda\.so/,
      );
    });

    test('2.10 with right hashes the engine is given them, beside ONNX Runtime’s own library', () => {
      const lines = readdirSync(cuda)
        .filter((name) => name.endsWith('.so'))
        .map(
          (name) =>
            `${createHash('sha256')
              .update(readFileSync(path.join(cuda, name)))
              .digest('hex')}  ${name}\n`,
        );
      writeFileSync(path.join(cuda, 'SHA256SUMS'), lines.join(''));
      const { status, text } = raddraft('doctor', '--data', data);
      expect(text).toMatch(/^ok {4}CUDA libraries: 2 files in .* are the ones that SHA256SUMS names/m);
      // They are no libraries; that the linker says so shows that it found them.
      expect(text).toMatch(/pack chest-findings .*: runs on cpu, .*its side-loaded libraries do not load \(libonnx/);
      expect(status, text).toBe(0);
      rmSync(path.dirname(cuda), { recursive: true });
    });

    test('2.11 removed, and purged, nothing of it is left but what it kept for its user', () => {
      const { status, text } = dpkg('-r', 'raddraft');
      expect(status, text).toBe(0);
      dpkg('-P', 'raddraft');
      expect(filesBelow(system).filter((file) => !file.includes('/var/lib/dpkg/'))).toEqual([]);
      expect(existsSync(path.join(system, 'opt/RadDraft'))).toBe(false);
      expect(existsSync(path.join(data, 'raddraft.db'))).toBe(true);
    });
  });
});
