/** A full disk, a folder that cannot be written, a locked, foreign or damaged database: a clear message, and the text kept. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { rescueTexts } from '#backend/db/rescue.ts';
import { layoutOf } from '#backend/files/dataFolder.ts';
import { openStore } from '#backend/db/store.ts';
import {
  draftId,
  fill,
  goodReport,
  inStore,
  openStation,
  passwordOf,
  peopledStation,
  signedIn,
  signNow,
  storeOptions,
} from './recordsStation.ts';
import { stationFolder } from './recordsStation.ts';

const raddraft = (folder: string, ...args: string[]) =>
  spawnSync(process.execPath, [path.resolve('src/cli/main.ts'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, RADDRAFT_KEY: path.join(folder, 'config', 'machine.key') },
  });

/** Runs `tests/recordsChild.ts` where no file may grow beyond so many kilobytes, as on a full disk. */
function onFullDisk(folder: string, activity: string, kilobytes: number): Promise<string> {
  const command = `trap '' XFSZ; ulimit -f ${kilobytes}; exec "$0" "$@"`;
  const child = path.join(import.meta.dirname, 'recordsChild.ts');
  const program = spawn('bash', ['-c', command, process.execPath, child, folder, activity, 'full '], {
    env: { ...process.env, RADDRAFT_KEY: path.join(folder, 'config', 'machine.key') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  program.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  program.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const late = setTimeout(() => program.kill('SIGKILL'), 20_000);
  return new Promise((resolve) => program.once('close', () => (clearTimeout(late), resolve(said))));
}

describe('trouble', () => {
  test.skipIf(process.platform === 'win32')(
    '1.1 the disk is full while signing: it is said, and everything that was told is there',
    { timeout: 60_000 },
    async () => {
      const station = await peopledStation();
      await station.close();
      const { database } = layoutOf(path.join(station.folder, 'data'));
      const kilobytes = Math.ceil(statSync(database).size / 1024) + 96;
      const said = await onFullDisk(station.folder, 'sign', kilobytes);
      expect(said).toMatch(/disk is full|disk did not (read or )?write/);
      const signed = [...said.matchAll(/"signed":(\d+),"sha256":"([0-9a-f]+)"/g)];
      await inStore(station.folder, async (store) => {
        expect((await store.audit.verify()).problem).toBe('');
        const kept = store.read
          .plain('SELECT number, sha256 FROM releases')
          .map(([number, sha256]) => `${Number(number)} ${String(sha256)}`);
        for (const [, number, sha256] of signed) expect(kept).toContain(`${number} ${sha256}`);
      });
    },
  );

  test('1.2 the database is damaged: it is said, and the texts that can still be read come out', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    const { revision } = await api['report.status']({ draft: draftId });
    await api['draft.save']({ draft: draftId, revision, document: goodReport('A text worth keeping.') });
    await signNow(api, 'reader');
    await station.close();
    const { dataFolder, machineSecret } = storeOptions(station.folder);
    const { database } = layoutOf(dataFolder);
    const good = readFileSync(database);
    let said = 0;
    let saved = 0;
    for (let page = 0; page < good.length / 4096; page += 4) {
      const bad = Buffer.from(good);
      bad.fill(0x5a, page * 4096 + 100, page * 4096 + 200);
      writeFileSync(database, bad);
      const trouble = await inStore(station.folder, async (store) => {
        store.read.plain('SELECT * FROM drafts, releases, people, instances');
        expect((await store.audit.verify()).intact).toBe(true);
      }).catch((error: unknown) => error);
      if (trouble === undefined) continue;
      expect(trouble).toMatchObject({ code: 'refused', message: expect.stringMatching(/damaged/) as string });
      said++;
      try {
        if (
          rescueTexts(dataFolder, machineSecret, station.folder).texts.some(({ text }) =>
            text.includes('A text worth keeping.'),
          )
        )
          saved++;
      } catch {
        continue; // the first page: then a backup
      }
    }
    expect(said).toBeGreaterThan(3);
    // A small database is mostly its list of tables, without which nothing is found: there only a backup helps.
    expect(saved).toBeGreaterThan(said / 5);
    writeFileSync(database, good);
    const out = path.join(station.folder, 'texts.txt');
    const rescued = raddraft(station.folder, 'rescue', '--data', dataFolder, '--out', out);
    expect([rescued.stderr, rescued.status]).toEqual(['', 0]);
    expect(readFileSync(out, 'utf8')).toContain('A text worth keeping.');
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(raddraft(station.folder, 'rescue', '--data', dataFolder, '--out', out).status).toBe(2);
  });

  test('1.3 a folder that cannot be written, another program’s, a file: each says what to do', async () => {
    const folder = stationFolder();
    await inStore(folder, (store) => fill(store));
    const { dataFolder } = storeOptions(folder);
    const options = (data: string) => ({ ...storeOptions(folder), dataFolder: data });
    const foreign = path.join(folder, 'foreign');
    mkdirSync(foreign);
    writeFileSync(path.join(foreign, 'letters.txt'), 'not ours');
    await expect(openStore(options(foreign))).rejects.toThrow(/found other files in it\. Name another folder/);
    await expect(openStore(options(path.join(foreign, 'letters.txt')))).rejects.toThrow(
      /found a file\. Name another folder/,
    );
    expect(readdirSync(foreign)).toEqual(['letters.txt']);
    const readOnly = await inReadOnly(dataFolder, () =>
      openStore(options(dataFolder)).then(
        () => null,
        (error: unknown) => error,
      ),
    );
    if (readOnly !== undefined)
      expect(readOnly).toMatchObject({
        code: 'read-only',
        message: expect.stringMatching(/cannot be written/) as string,
      });
  });

  test('1.4 the program that owns the folder is named to the one that comes second', async () => {
    const station = await openStation(stationFolder());
    await expect(openStore(storeOptions(station.folder))).rejects.toThrow(
      /in use by RadDraft \(test\).*Close that program/s,
    );
    expect(existsSync(path.join(station.folder, 'data', 'owner.json'))).toBe(true);
  });

  test('1.5 a wrong password does not unlock, and what was typed is still there to be saved', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    const { revision } = await api['report.status']({ draft: draftId });
    await api['draft.save']({ draft: draftId, revision, document: goodReport('First words.') });
    await api['session.lock']({});
    await api['session.unlock']({ password: 'wrong' }).catch(() => undefined);
    const saved = await api['draft.save']({
      draft: draftId,
      revision: revision + 1,
      document: goodReport('Last words.'),
    });
    await api['session.unlock']({ password: passwordOf('reader') });
    expect((await api['report.status']({ draft: draftId })).revision).toBe(saved.revision);
  });
});

/** A folder mounted read-only over itself, where this user may do that; else undefined, and nothing is tried. */
async function inReadOnly<T>(folder: string, work: () => Promise<T>): Promise<T | undefined> {
  const mount = (...args: string[]) => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
  if (process.platform !== 'linux' || !mount('--bind', folder, folder)) return undefined;
  try {
    return mount('-o', 'remount,ro,bind', folder) ? await work() : undefined;
  } finally {
    spawnSync('umount', [folder], { stdio: 'ignore' });
  }
}
