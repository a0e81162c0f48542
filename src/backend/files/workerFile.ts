/** Where a worker's file lies: beside its owner in the sources, or beside the chunk that the owner was built into. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '#contract/errors.ts';

/** `here` is the owner's `import.meta.url`; `name` is the worker's entry in vite.config.ts. AppError `internal`. */
export function workerFile(name: string, here: string): URL {
  const names = here.endsWith('.ts') ? ['./worker.ts'] : [`./${name}.mjs`, `../${name}.mjs`];
  const file = names.map((one) => new URL(one, here)).find((url) => existsSync(fileURLToPath(url)));
  if (!file) throw new AppError('internal', `expected the worker ${names.join(' or ')}, found none`);
  return file;
}
