/** Tells whether a folder lies on a network file system, where SQLite's write-ahead log is not safe. */
import { readFileSync, realpathSync, statfsSync } from 'node:fs';

/** `f_type` of statfs(2) on Linux; the file systems whose pages another machine may change. */
const magic: Record<number, string> = {
  0x6969: 'nfs',
  0x517b: 'smb',
  0xfe534d42: 'smb2',
  0xff534d42: 'cifs',
  0x01021997: '9p',
  0x564c: 'ncp',
  0x5346414f: 'afs',
  0x73757245: 'coda',
  0x00c36400: 'ceph',
  0x0bd00bd0: 'lustre',
  0x01161970: 'gfs2',
  0x7461636f: 'ocfs2',
};
const FUSE = 0x65735546;
const networkFuse = /^fuse\.(sshfs|rclone|s3fs|goofys|gcsfuse|glusterfs|davfs2?|curlftpfs|smbnetfs|gvfsd-fuse|ceph.*)$/;

/** The type's name when `type` (statfs) is a network file system, else null. `mountType` answers for FUSE. */
export function networkTypeOf(type: number, mountType: () => string): string | null {
  // The kernel's value is unsigned; Node hands it over signed on some platforms.
  const known = magic[type >>> 0];
  if (known !== undefined) return known;
  if (type >>> 0 !== FUSE) return null;
  const mount = mountType();
  return networkFuse.test(mount) ? mount : null;
}

/** The file system type of the mount that holds `folder`, from the text of /proc/self/mountinfo (proc(5)). */
export function mountTypeOf(folder: string, mountinfo: string): string {
  let best = { point: '', type: '' };
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const point = (before.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(parseInt(octal, 8)),
    );
    const inside = point === '/' || folder === point || folder.startsWith(`${point}/`);
    if (point !== '' && inside && point.length >= best.point.length) best = { point, type: after.split(' ')[0] ?? '' };
  }
  return best.type;
}

/** Name of the network file system that holds the existing `folder`, or null. Mapped drives of Windows are not seen. */
export function networkFileSystemOf(folder: string): string | null {
  if (process.platform === 'win32') return /^[\\/]{2}(?![.?][\\/])/.test(folder) ? 'a UNC share' : null;
  if (process.platform !== 'linux') return null;
  return networkTypeOf(statfsSync(folder).type, () => {
    try {
      return mountTypeOf(realpathSync(folder), readFileSync('/proc/self/mountinfo', 'utf8'));
    } catch {
      return '';
    }
  });
}
