import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { profileFolder } from './profile.ts';

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(path.join(tmpdir(), 'raddraft-temporary-'));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
});

/** A folder with a profile in it that was made so long ago. */
function left(name: string, hours: number): string {
  const folder = path.join(temporary, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'run_1.json'), '[]');
  const then = Date.now() / 1000 - hours * 3600;
  utimesSync(folder, then, then);
  return folder;
}

describe('1 the folder of a profile', () => {
  test('1.1 takes away what killed engines left, and nothing that may be in use or is somebody else’s', async () => {
    const old = left('raddraft-profile-abcdef', 2);
    const young = left('raddraft-profile-ghijkl', 0.5);
    const foreign = left('raddraft-data', 2);
    const profile = await profileFolder();
    expect(existsSync(old)).toBe(false);
    expect(existsSync(young)).toBe(true);
    expect(existsSync(foreign)).toBe(true);
    expect(existsSync(path.dirname(profile.prefix))).toBe(true);
    await profile.remove();
    expect(existsSync(path.dirname(profile.prefix))).toBe(false);
  });
});
