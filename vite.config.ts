/** One configuration for everything that is built: `vite build --mode renderer | node | main | preload`. Tests too. */
import { writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import packageJson from './package.json' with { type: 'json' };

const root = import.meta.dirname;
const external = [
  'electron',
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
  ...Object.keys(packageJson.dependencies),
  /^@cornerstonejs\/codec-/,
];

/** Writes which packages went into a bundle, for the bill of materials of the packaged program. */
const packagesOf = (part: string): Plugin => ({
  name: 'packages',
  writeBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    const names = modules.flatMap((id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/?]+)/.exec(id)?.[1] ?? []);
    writeFileSync(path.join(root, `dist/.packages-${part}.json`), JSON.stringify([...new Set(names)].sort()));
  },
});

export default defineConfig(({ mode }): ViteUserConfig => {
  if (mode === 'renderer')
    return {
      root: path.join(root, 'src/renderer'),
      base: './',
      plugins: [svelte({ configFile: path.join(root, 'svelte.config.js') }), packagesOf(mode)],
      build: {
        outDir: path.join(root, 'dist/renderer'),
        emptyOutDir: true,
        target: 'chrome114',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 2000,
      },
    };
  if (mode === 'node')
    return {
      plugins: [packagesOf(mode)],
      build: {
        outDir: 'dist/node',
        emptyOutDir: true,
        target: 'node24',
        minify: false,
        ssr: true,
        rollupOptions: {
          external,
          input: {
            backend: 'src/backend/main.ts',
            imaging: 'src/backend/dicom/worker.ts',
            spelling: 'src/backend/spelling/worker.ts',
            templates: 'src/backend/templates/worker.ts',
            database: 'src/backend/db/worker.ts',
            engine: 'src/engine/main.ts',
            server: 'src/server/main.ts',
            cli: 'src/cli/main.ts',
          },
          // Chunks beside the programs: both find the project's folder two steps up.
          output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunk-[name]-[hash].mjs' },
        },
      },
    };
  if (mode === 'main' || mode === 'preload')
    return {
      plugins: [packagesOf(mode)],
      build: {
        outDir: 'dist/main',
        emptyOutDir: mode === 'main',
        target: 'node18',
        minify: false,
        ssr: true,
        rollupOptions: {
          external: ['electron', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
          input: mode === 'main' ? { main: 'src/main/main.ts' } : { preload: 'src/main/preload.ts' },
          output: { format: 'cjs', entryFileNames: '[name].cjs', inlineDynamicImports: true },
        },
      },
      ssr: { noExternal: true },
    };
  return {
    test: {
      include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
      setupFiles: ['tests/setup.ts'],
      testTimeout: 90_000,
      hookTimeout: 120_000,
      // As long as the driver of the browsers waits; without it `expect.poll` gives up after a second.
      expect: { poll: { timeout: 20_000 } },
      pool: 'forks',
      maxWorkers: 2,
    },
  };
});
