/** The program's version. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

export function version(): string {
  const file = path.resolve(import.meta.dirname, '../../package.json');
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
