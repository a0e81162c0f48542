/** The first picture of a large film against cornerstone-wado-image-loader in the same Chromium. */
import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../tests/viewer/chromium.ts';
import { largeFilm } from './films.ts';
import { firstPixel } from './firstPixel.ts';
import type { Row } from './row.ts';
import { median } from './workstation.ts';

/** `WADO` names a node_modules folder with cornerstone-wado-image-loader 4, cornerstone-core 2 and dicom-parser. */
export async function wadoPeer(rounds: number): Promise<Row | null> {
  const modules = process.env['WADO'] ?? '';
  const scripts = [
    'cornerstone-core/dist/cornerstone.min.js',
    'dicom-parser/dist/dicomParser.min.js',
    'cornerstone-wado-image-loader/dist/cornerstoneWADOImageLoader.bundle.min.js',
  ].map((file) => path.join(modules, file));
  if (modules === '' || !scripts.every((file) => existsSync(file))) {
    console.log('\nwado peer: left out, WADO names no folder with cornerstone-wado-image-loader in it.');
    return null;
  }
  const ours = await firstPixel(rounds);
  const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-wado-'));
  const film = path.join(folder, 'film.dcm');
  writeFileSync(film, largeFilm());
  const tags = scripts.map((_, index) => `<script src="/${index}.js"></script>`).join('');
  const server = createServer((request, response) => {
    const script = scripts[Number(/^\/(\d)\.js$/.exec(request.url ?? '')?.[1] ?? -1)];
    if (script) createReadStream(script).pipe(response.setHeader('content-type', 'text/javascript'));
    else if (request.url?.startsWith('/film')) createReadStream(film).pipe(response);
    else
      response.setHeader('content-type', 'text/html').end(`<div id="e" style="width:800px;height:700px"></div>${tags}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`http://127.0.0.1:${port}/`);
    const theirs: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const ms = await show(page, `wadouri:http://127.0.0.1:${port}/film-${round}`);
      if (round > 0) theirs.push(ms);
    }
    return {
      what: `first picture of a 3,000 × 3,000 16-bit film, from the click (median of ${rounds})`,
      ours: ours.ours,
      bare: median(theirs),
      against: 'cornerstone-wado-image-loader, from asking for the file (not encrypted, no study opened)',
      goal: null,
      stages: ours.stages ?? {},
    };
  } finally {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Globals {
  cornerstone: {
    enable(element: Element): void;
    loadImage(id: string): Promise<unknown>;
    displayImage(element: Element, image: unknown): void;
  };
  cornerstoneWADOImageLoader: { external: { cornerstone: unknown; dicomParser: unknown } };
  dicomParser: unknown;
}

const show = (page: Page, id: string): Promise<number> =>
  page.evaluate(async (imageId) => {
    const { cornerstone, cornerstoneWADOImageLoader: loader, dicomParser } = globalThis as unknown as Globals;
    const element = document.getElementById('e');
    if (!element) throw new Error('expected the element');
    if (!element.querySelector('canvas')) {
      loader.external.cornerstone = cornerstone;
      loader.external.dicomParser = dicomParser;
      cornerstone.enable(element);
    }
    const began = performance.now();
    const image = await cornerstone.loadImage(imageId);
    const drawn = new Promise<void>((resolve) =>
      element.addEventListener('cornerstoneimagerendered', () => resolve(), { once: true }),
    );
    cornerstone.displayImage(element, image);
    await drawn;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - began;
  }, id);
