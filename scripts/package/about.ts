/** What a packaged program is made of: `about/sbom.cdx.json` (CycloneDX 1.5) and `about/licences.txt` beside the archive. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import packageJson from '../../package.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '../..');

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
  licenses: z.array(z.object({ type: z.string() })).optional(),
});
const Lock = z.object({ packages: z.record(z.string(), z.object({ integrity: z.string().optional() })) });
const Pack = z.object({ id: z.string(), version: z.string(), name: z.string() });

interface Part {
  name: string;
  version: string;
  /** SPDX where the package says it so; empty where it says nothing. */
  licence: string;
  /** Licence files, whole. */
  texts: string[];
  /** Subresource integrity of the lockfile; empty where it is not there. */
  integrity: string;
}

/** `resources`: the packaged program's folder of that name. `electron`: the version of the runtime. */
export function writeAbout({ resources, electron }: { resources: string; electron: string }): void {
  const modules = path.join(resources, 'app.asar.unpacked', 'node_modules');
  const parts = new Map<string, Part>();
  for (const folder of [...packagesBelow(modules), ...bundled()]) {
    const part = partOf(folder);
    parts.set(`${part.name}@${part.version}`, part);
  }
  const all = [...parts.values()].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const about = path.join(resources, 'about');
  mkdirSync(about, { recursive: true });
  const bill = billOf(all, packsIn(path.join(resources, 'models')), electron);
  writeFileSync(path.join(about, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
  writeFileSync(path.join(about, 'licences.txt'), licencesOf(all, electron));
}

/** Every folder below `modules` that is a package, nested ones too. */
function packagesBelow(modules: string): string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap(({ name }) => {
      const folder = path.join(modules, name);
      if (name.startsWith('@')) return packagesBelow(folder);
      const own = existsSync(path.join(folder, 'package.json')) ? [folder] : [];
      return [...own, ...packagesBelow(path.join(folder, 'node_modules'))];
    });
}

/** What Vite put into the window and into main (vite.config.ts writes the lists). */
function bundled(): string[] {
  const lists = readdirSync(path.join(root, 'dist')).filter((name) => /^\.packages-\w+\.json$/.test(name));
  if (lists.length === 0) throw new Error('expected dist/.packages-*.json from the build, found none');
  const names = lists.flatMap((name) =>
    z.array(z.string()).parse(JSON.parse(readFileSync(path.join(root, 'dist', name), 'utf8'))),
  );
  return [...new Set(names)].map((name) => path.join(root, 'node_modules', name));
}

const lock = Lock.parse(JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')));

function partOf(folder: string): Part {
  const { name, version, license, licenses } = Manifest.parse(
    JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')),
  );
  const said =
    typeof license === 'string' ? license : (license?.type ?? licenses?.map(({ type }) => type).join(' OR '));
  const place = folder.slice(folder.lastIndexOf(`${path.sep}node_modules${path.sep}`) + 1).replaceAll(path.sep, '/');
  return {
    name,
    version,
    licence: said ?? '',
    texts: readdirSync(folder)
      .filter((file) => /^(licen[cs]e|copying|notice|thirdparty\w*notices?)/i.test(file))
      .map((file) => readFileSync(path.join(folder, file), 'utf8').trim()),
    integrity: lock.packages[place]?.integrity ?? '',
  };
}

function packsIn(models: string): z.infer<typeof Pack>[] {
  if (!existsSync(models)) return [];
  return readdirSync(models)
    .map((name) => path.join(models, name, 'pack.json'))
    .filter((file) => existsSync(file))
    .map((file) => Pack.parse(JSON.parse(readFileSync(file, 'utf8'))));
}

function billOf(parts: Part[], packs: z.infer<typeof Pack>[], electron: string) {
  const purl = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': 'raddraft',
        name: packageJson.name,
        version: packageJson.version,
        description: packageJson.description,
      },
    },
    components: [
      {
        type: 'framework',
        'bom-ref': 'electron',
        name: 'electron',
        version: electron,
        purl: purl('electron', electron),
      },
      ...parts.map(({ name, version, licence, integrity }) => ({
        type: 'library',
        'bom-ref': purl(name, version),
        name,
        version,
        purl: purl(name, version),
        ...(licence && { licenses: [{ expression: licence }] }),
        ...(integrity.startsWith('sha512-') && {
          hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice(7), 'base64').toString('hex') }],
        }),
      })),
      ...packs.map(({ id, version, name }) => ({
        type: 'machine-learning-model',
        'bom-ref': `pack:${id}@${version}`,
        name: id,
        version,
        description: name,
      })),
    ],
  };
}

function licencesOf(parts: Part[], electron: string): string {
  const head = [
    `RadDraft ${packageJson.version} is made with the packages below. Electron ${electron} and what Chromium is made of`,
    'come with licences of their own: LICENSE.electron.txt and LICENSES.chromium.html.',
  ].join('\n');
  const one = ({ name, version, licence, texts }: Part) =>
    [`${name} ${version}: ${licence || 'says nothing of its licence'}`, ...texts].join('\n\n');
  return `${[head, ...parts.map(one)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
