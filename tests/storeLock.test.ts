import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '#backend/db/store.ts';
import { optionsIn, storeIn, temporary } from './storeSamples.ts';

const child = path.join(import.meta.dirname, 'storeChild.ts');

describe('one owner of a data folder', () => {
  test('1.1 a second program is told who holds it, and gets in as soon as that one is killed', async () => {
    const folder = temporary();
    const holder = spawn(process.execPath, [child, 'hold', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const refused = await openStore(optionsIn(folder)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'locked' });
    const { message } = refused as Error;
    for (const named of ['the other program', userInfo().username, hostname(), `process ${holder.pid}`, 'Close that'])
      expect(message).toContain(named);

    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    const owner = path.join(folder, 'data', 'owner.json');
    expect(existsSync(owner)).toBe(true);
    const store = await storeIn(folder);
    expect(JSON.parse(readFileSync(owner, 'utf8'))).toMatchObject({ pid: process.pid, program: 'the test' });
    await store.close();
    expect(existsSync(owner)).toBe(false);
  });

  test('1.2 the same program cannot open it twice, and a failed opening lets go of it', async () => {
    const folder = temporary();
    const store = await openStore(optionsIn(folder));
    await expect(openStore(optionsIn(folder))).rejects.toMatchObject({ code: 'locked' });
    await store.close();
    await store.close();
    const wrong = {
      ...optionsIn(folder),
      machineSecret: { kind: 'os' as const, secret: new Uint8Array(32), name: 'x' },
    };
    await expect(openStore(wrong)).rejects.toMatchObject({ code: 'refused' });
    await storeIn(folder);
  });
});
