/** A deb with Debian's own tools: the program under /opt, a command, an entry in the menu that opens DICOM files. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { sizeOf } from './size.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Libraries that Electron's program is linked with (the names of Debian 12; `|` for those of Ubuntu 24.04). */
export const depends = [
  'libgtk-3-0 | libgtk-3-0t64',
  'libnss3',
  'libasound2 | libasound2t64',
  'libgbm1',
  'libatspi2.0-0 | libatspi2.0-0t64',
  'libsecret-1-0',
  'shared-mime-info',
  'xdg-utils',
];

const desktop = `[Desktop Entry]
Type=Application
Name=RadDraft
Comment=Drafts radiology reports beside the image. For research and evaluation. Not for clinical use.
Exec=/opt/RadDraft/raddraft %F
Icon=raddraft
Terminal=false
Categories=Science;MedicalSoftware;
MimeType=application/dicom;
StartupWMClass=raddraft
`;

export interface DebWanted {
  /** The unpacked program. */
  program: string;
  output: string;
  version: string;
  /** Compresses less. */
  fast: boolean;
}

/** Answers with the file. Nothing runs at installation or removal, and neither touches anybody's data. */
export function makeDeb({ program, output, version, fast }: DebWanted): string {
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const tree = path.join(output, 'deb');
  rmSync(tree, { recursive: true, force: true });
  const at = (...parts: string[]) => {
    const place = path.join(tree, ...parts);
    mkdirSync(path.dirname(place), { recursive: true, mode: 0o755 });
    return place;
  };
  cpSync(program, at('opt', 'RadDraft'), { recursive: true, verbatimSymlinks: true });
  // Chromium's helper for kernels that let only root make the namespaces that a sandbox needs.
  chmodSync(at('opt', 'RadDraft', 'chrome-sandbox'), 0o4755);
  symlinkSync('../../opt/RadDraft/bin/raddraft', at('usr', 'bin', 'raddraft'));
  writeFileSync(at('usr', 'share', 'applications', 'raddraft.desktop'), desktop);
  const icons = ['usr', 'share', 'icons', 'hicolor'];
  copyFileSync(path.join(root, 'build/icon.png'), at(...icons, '512x512', 'apps', 'raddraft.png'));
  copyFileSync(path.join(root, 'src/renderer/icon.svg'), at(...icons, 'scalable', 'apps', 'raddraft.svg'));
  copyFileSync(path.join(program, 'resources/about/licences.txt'), at('usr', 'share', 'doc', 'raddraft', 'copyright'));
  writeFileSync(
    at('DEBIAN', 'control'),
    [
      'Package: raddraft',
      `Version: ${version}`,
      `Architecture: ${arch}`,
      `Maintainer: ${packageJson.author} <maintainers@raddraft.invalid>`,
      `Installed-Size: ${Math.ceil(sizeOf(tree) / 1024)}`,
      `Depends: ${depends.join(', ')}`,
      'Section: science',
      'Priority: optional',
      'Description: desktop assistant for radiologists',
      ' Opens DICOM studies, runs models on this machine and puts an editable draft',
      ' report beside the image. For research and evaluation. Not for clinical use.',
      '',
    ].join('\n'),
  );
  const file = path.join(output, `raddraft_${version}_${arch}.deb`);
  const { status } = spawnSync(
    'dpkg-deb',
    ['--root-owner-group', fast ? '-Zgzip' : '-Zxz', ...(fast ? ['-z1'] : []), '--build', tree, file],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (status !== 0) throw new Error('dpkg-deb could not make the deb');
  rmSync(tree, { recursive: true });
  return file;
}
