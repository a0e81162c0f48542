/**
 * `npm run package [-- --to deb|dir|appimage|nsis] [--out DIR] [--test]`: the packaged program. On Linux the deb is made
 * with Debian's own tools. `--test` is for an Electron that is too old to be shipped: the build carries a Node of its
 * own and says so inside its archive.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build as pack, Platform, type AfterPackContext, type Configuration } from 'electron-builder';
import packageJson from '../package.json' with { type: 'json' };
import { allParts, build } from './build.ts';
import { installedElectron } from './electron.ts';
import { writeAbout } from './package/about.ts';
import { writeCommand } from './package/command.ts';
import { makeDeb } from './package/deb.ts';
import { sizeOf } from './package/size.ts';

const root = path.resolve(import.meta.dirname, '..');
/** The first Electron whose own Node loads the database. */
const FIRST_TO_SHIP = 42;
/** Electron's first version with the eighth fuse (grantFileProtocolExtraPrivileges). */
const EIGHT_FUSES = 29;

export interface Wanted {
  to: 'dir' | 'deb' | 'appimage' | 'nsis';
  test: boolean;
  /** Where everything is put; emptied first. */
  output: string;
}

/** Answers with the folder or file that was made. */
export async function makePackage({ to, test, output }: Wanted): Promise<string> {
  const runtime = installedElectron();
  if (runtime && runtime.major < FIRST_TO_SHIP && !test)
    throw new Error(
      `Expected Electron ${FIRST_TO_SHIP} or newer, found ${runtime.major}. For a build that is only tested, add --test.`,
    );
  build(allParts);
  rmSync(output, { recursive: true, force: true });
  const folder = path.dirname(runtime?.program ?? '');
  const config: Configuration = {
    directories: { output },
    afterPack: (context: AfterPackContext) => {
      const { config } = context.packager;
      // A fuse that this Electron does not know cannot be set.
      if (runtime && runtime.major < EIGHT_FUSES && config.electronFuses)
        Object.assign(config.electronFuses, { grantFileProtocolExtraPrivileges: undefined });
      const resources = context.packager.getResourcesDir(context.appOutDir);
      rmSync(path.join(resources, 'app'), { recursive: true, force: true }); // a runtime that was used before
      writeAbout({
        resources,
        electron: config.electronVersion ?? packageJson.devDependencies.electron,
      });
      if (context.packager.platform === Platform.LINUX) writeCommand(context.appOutDir);
    },
    ...(runtime && {
      electronDist: folder,
      electronVersion: readFileSync(path.join(folder, 'version'), 'utf8').trim().replace(/^v/, ''),
    }),
    ...(test && testNode()),
  };
  const unpacked = to === 'dir' || to === 'deb';
  const platform = to === 'nsis' ? Platform.WINDOWS : to === 'appimage' ? Platform.LINUX : Platform.current();
  const made = await pack({
    projectDir: root,
    targets: platform.createTarget(unpacked ? 'dir' : to),
    publish: 'never',
    config,
  });
  const found = path.join(output, platform === Platform.WINDOWS ? 'win-unpacked' : `${platform.nodeName}-unpacked`);
  if (to === 'deb') return makeDeb({ program: found, output, version: packageJson.version, fast: test });
  return unpacked ? found : (made[0] ?? output);
}

/** The Node of this very run, as a resource beside the archive. */
function testNode(): Configuration {
  return {
    extraMetadata: { raddraftNode: 'node/node' },
    extraResources: [{ from: process.execPath, to: 'node/node' }],
  };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      to: { type: 'string', default: existsSync('/usr/bin/dpkg-deb') ? 'deb' : 'dir' },
      out: { type: 'string', default: path.join(root, 'out') },
      test: { type: 'boolean', default: false },
    },
  });
  try {
    if (!isTarget(values.to)) throw new Error(`Expected --to deb, dir, appimage or nsis, found ${values.to}.`);
    const made = await makePackage({ to: values.to, test: values.test, output: path.resolve(values.out) });
    console.log(`${made}: ${(sizeOf(made) / 1e6).toFixed(0)} MB`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'packaging failed');
    process.exitCode = 1;
  }
}

function isTarget(name: string): name is Wanted['to'] {
  return ['dir', 'deb', 'appimage', 'nsis'].includes(name);
}
