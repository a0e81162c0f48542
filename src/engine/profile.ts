/** What really ran, from ONNX Runtime's own profile: a session that was created proves nothing. */
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { REPORTED_AS } from './providers.ts';
import type { Provider } from '#core/findings/findings.ts';

/** One event for each kernel that ran; ORT 1.30 names it `<node>_kernel_time` and its provider in `args`. */
const Event = z.object({
  cat: z.string().optional(),
  name: z.string().optional(),
  args: z.object({ provider: z.string().optional(), node_index: z.string().optional() }).optional(),
});

/** Number of distinct nodes that each provider executed; a node without a provider counts as `unnamed`. */
export function nodesByProvider(profile: unknown): Record<string, number> {
  const seen = new Map<string, string>();
  for (const { cat, name, args } of z.array(Event).parse(profile))
    if (cat === 'Node' && name?.endsWith('_kernel_time'))
      seen.set(`${args?.node_index ?? ''} ${name}`, args?.provider || 'unnamed');
  const nodes: Record<string, number> = {};
  for (const provider of seen.values()) nodes[provider] = (nodes[provider] ?? 0) + 1;
  return nodes;
}

/** A provider is said to have run when it executed more than half of the nodes; else it was the processor. */
export function ranOn(nodes: Record<string, number>, opened: Provider): Provider {
  const all = Object.values(nodes).reduce((sum, count) => sum + count, 0);
  return (nodes[REPORTED_AS[opened]] ?? 0) * 2 > all ? opened : 'cpu';
}

export interface ProfileFolder {
  /** For `profileFilePrefix`. */
  prefix: string;
  read(): Promise<unknown>;
  remove(): Promise<void>;
}

const PREFIX = 'raddraft-profile-';

/** A profile is read within seconds: an older folder is that of an engine that was killed in the middle of loading. */
const LEFT_AFTER_MS = 3_600_000;

/** A private temporary folder (mode 0700): a profile names nodes and shapes, nothing of a patient. */
export async function profileFolder(): Promise<ProfileFolder> {
  await removeLeft();
  const folder = await mkdtemp(path.join(os.tmpdir(), PREFIX));
  return {
    prefix: path.join(folder, 'run'),
    async read() {
      const [name] = await readdir(folder);
      if (name === undefined) return [];
      return JSON.parse(await readFile(path.join(folder, name), 'utf8')) as unknown;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function removeLeft(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = path.join(os.tmpdir(), name);
    try {
      const { mtimeMs } = await stat(folder);
      if (Date.now() - mtimeMs > LEFT_AFTER_MS) await rm(folder, { recursive: true });
    } catch {
      // Another user's, or gone meanwhile.
    }
  }
}
