import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporary } from '../../../tests/storeSamples.ts';
import { defaultDataFolder, prepareDataFolder } from './dataFolder.ts';
import { mountTypeOf, networkFileSystemOf, networkTypeOf } from './networkFileSystem.ts';

const mountinfo = `22 28 0:21 / /proc rw,nosuid - proc proc rw
28 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
40 28 0:35 / /mnt/far\\040away rw,relatime shared:2 - fuse.sshfs host:/films rw
41 28 0:36 / /mnt/far rw - fuseblk /dev/sdb1 rw
42 28 0:37 / /mnt/nfs rw master:1 propagate_from:2 - nfs4 host:/x rw
`;

describe('the data folder', () => {
  test('1.1 is made with its parts, for the owner alone, and made so when it was open', () => {
    const root = path.join(temporary(), 'deep', 'data');
    const folder = prepareDataFolder(root);
    expect(statSync(root).mode & 0o777).toBe(0o700);
    chmodSync(root, 0o755);
    prepareDataFolder(root);
    expect(statSync(root).mode & 0o777).toBe(0o700);
    expect(existsSync(folder.objects)).toBe(true);
  });

  test('1.2 other people’s files are left alone', () => {
    const root = temporary();
    chmodSync(root, 0o755);
    writeFileSync(path.join(root, 'holiday.jpg'), '');
    expect(() => prepareDataFolder(root)).toThrow(/other files/);
    expect(statSync(root).mode & 0o777).toBe(0o755);
    expect(() => prepareDataFolder(path.join(root, 'holiday.jpg'))).toThrow(/found a file/);
    mkdirSync(path.join(root, 'empty'));
    expect(prepareDataFolder(path.join(root, 'empty')).root).toBe(path.join(root, 'empty'));
  });

  test('1.3 its place by platform', () => {
    expect(defaultDataFolder({ RADDRAFT_DATA: '/d' }, 'linux', '/home/a')).toBe('/d');
    expect(defaultDataFolder({ XDG_DATA_HOME: '/x' }, 'linux', '/home/a')).toBe('/x/raddraft');
    expect(defaultDataFolder({ XDG_DATA_HOME: 'x' }, 'linux', '/home/a')).toBe('/home/a/.local/share/raddraft');
    expect(defaultDataFolder({}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Application Support/RadDraft');
  });

  test('1.4 network file systems are known by number, FUSE by its mount', () => {
    const no = () => '';
    expect([0x6969, 0xfe534d42, 0xff534d42, -11317950, 0x517b].map((type) => networkTypeOf(type, no))).toEqual([
      'nfs',
      'smb2',
      'cifs',
      'cifs',
      'smb',
    ]);
    expect([0xef53, 0x9123683e, 0x01021994].map((type) => networkTypeOf(type, no))).toEqual([null, null, null]);
    const fuse = (folder: string) => networkTypeOf(0x65735546, () => mountTypeOf(folder, mountinfo));
    expect(fuse('/mnt/far away/data')).toBe('fuse.sshfs');
    expect(fuse('/mnt/far/data')).toBeNull();
    expect(mountTypeOf('/mnt/nfs', mountinfo)).toBe('nfs4');
    expect(mountTypeOf('/home/a', mountinfo)).toBe('ext4');
    expect(networkFileSystemOf(temporary())).toBeNull();
  });
});
