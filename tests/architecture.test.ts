/** The folder says what code may do: every import of src/ is checked against the table of the architecture. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const src = path.resolve(import.meta.dirname, '../src');

/** folder → folders it may import, and packages ('node:' stands for Node's own modules). */
const table: Record<string, { folders: string[]; packages: RegExp }> = {
  core: { folders: [], packages: /^zod$/ },
  contract: { folders: ['core'], packages: /^zod$/ },
  backend: {
    folders: ['core', 'contract'],
    packages:
      /^(node:.*|zod|better-sqlite3|dicom-parser|dcmjs-codecs|pngjs|yauzl|parse5|nspell|dictionary-en|@cornerstonejs\/codec-.*)$/,
  },
  engine: { folders: ['core', 'contract'], packages: /^(node:.*|zod|onnxruntime-node|pngjs)$/ },
  renderer: {
    folders: ['core', 'contract'],
    packages: /^(svelte(\/.*)?|zod|cornerstone-core|prosemirror-.*|@fontsource\/.*)$/,
  },
  main: { folders: ['contract'], packages: /^(node:.*|electron)$/ },
  server: { folders: ['contract', 'backend'], packages: /^(node:.*|ws|zod)$/ },
  cli: { folders: ['contract', 'core', 'backend'], packages: /^(node:.*|zod|pngjs)$/ },
};

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|svelte)$/.test(file) && !/\.test\.ts$/.test(file))
  .map((file) => file.replaceAll(path.sep, '/'));

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(src, file), 'utf8');
  return [
    ...text.matchAll(
      /(?:^|\s)(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? '');
}

/** `core` for `#core/x.ts`, `./x.ts` inside core …; null for a package. */
function folderOf(file: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1).split('/')[0] ?? null;
  if (!specifier.startsWith('.')) return null;
  return path.posix.join(path.posix.dirname(file), specifier).split('/')[0] ?? null;
}

describe('architecture', () => {
  test('1.1 every folder of src is in the table', () => {
    expect(
      [...new Set(files.map((file) => file.split('/')[0]))].filter((folder) => !(folder ?? '') || !table[folder ?? '']),
    ).toEqual([]);
  });

  test('1.2 every import is allowed by the table', () => {
    const forbidden = files.flatMap((file) => {
      const own = file.split('/')[0] ?? '';
      const rule = table[own];
      return importsOf(file)
        .filter((specifier) => {
          const folder = folderOf(file, specifier);
          if (folder === null)
            return !rule?.packages.test(specifier.replace(/^(?!node:|@|#)([^/]+)\/.*$/, (all) => all));
          return folder !== own && !rule?.folders.includes(folder);
        })
        .map((specifier) => `${file} imports ${specifier}`);
    });
    expect(forbidden).toEqual([]);
  });

  test('1.3 the shells stay small: main within 600 lines, server within 250', () => {
    const lines = (folder: string) =>
      files
        .filter((file) => file.startsWith(`${folder}/`))
        .reduce((sum, file) => sum + readFileSync(path.join(src, file), 'utf8').trimEnd().split('\n').length, 0);
    expect(lines('main')).toBeLessThanOrEqual(600);
    expect(lines('server')).toBeLessThanOrEqual(250);
  });

  test('1.4 nothing leaves for the desktop’s notifications, recent documents or crash reports, where patients would be read', () => {
    const speaks = /\bnew Notification\b|\bNotification\.|\bshowNotification\b|\baddRecentDocument\b|\bcrashReporter\b/;
    expect(speaks.test('app.addRecentDocument(file)')).toBe(true);
    expect(files.filter((file) => speaks.test(readFileSync(path.join(src, file), 'utf8')))).toEqual([]);
  });
});
