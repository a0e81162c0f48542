/** Builds the viewer's page as the application is built, serves it under the application's security policy, opens it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { CONTENT_SECURITY_POLICY } from '#contract/csp.ts';
import { launchChromium } from './chromium.ts';
import './page/lab.ts';

const here = import.meta.dirname;
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export interface Bench {
  /** A fresh page; `complaints` collects errors, rejected promises and what the security policy stopped. */
  page(options?: { width?: number; height?: number; ratio?: number }): Promise<{ page: Page; complaints: string[] }>;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-viewer-'));
  await build({
    configFile: false,
    root: path.join(here, 'page'),
    base: './',
    logLevel: 'error',
    plugins: [svelte({ configFile: path.resolve(here, '../../svelte.config.js') })],
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'chrome114',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = path.join(folder, name === '/' ? 'index.html' : name);
    response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    response.setHeader('Content-Type', types[path.extname(file)] ?? 'application/octet-stream');
    try {
      response.end(readFileSync(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await launchChromium();
  return {
    async page({ width = 1280, height = 800, ratio = 1 } = {}) {
      const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: ratio });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await page.goto(`http://127.0.0.1:${port}/`);
      return { page, complaints };
    },
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
