/** The browser that tests drive: the one that is installed, else the one inside the package @sparticuz/chromium. */
import { existsSync } from 'node:fs';
import packaged from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** `RADDRAFT_CHROMIUM` may name another. */
export async function launchChromium(): Promise<Browser> {
  const found = process.env['RADDRAFT_CHROMIUM'] ?? installed.find((file) => existsSync(file));
  return chromium.launch({
    executablePath: found ?? (await packaged.executablePath()),
    args: [
      ...(found === undefined ? packaged.args : []),
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
