/** Where side-loaded libraries are looked for: where the machine's settings say, else beside the program. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** Set by who administers the machine, for every user of it. */
export const MACHINE_SETTINGS = '/etc/raddraft/machine.json';
const MachineSettings = z.object({ cuda: z.string().startsWith('/') });

/** ONNX Runtime's package for Node can load CUDA on this system alone. */
const hasCuda = process.platform === 'linux' && process.arch === 'x64';

export interface SideLoadPlace {
  folder: string;
  /** Why the settings are not followed: the middle of a sentence; empty when there are none, or they are. */
  problem: string;
}

/** Null where CUDA cannot be loaded at all. */
export function sideLoadPlace(settings = MACHINE_SETTINGS): SideLoadPlace | null {
  if (!hasCuda) return null;
  const usual = { folder: path.join(ownResources(), 'runtimes', 'cuda'), problem: '' };
  if (!existsSync(settings)) return usual;
  const { uid, mode } = statSync(settings);
  if ((uid !== 0 && uid !== process.getuid?.()) || (mode & 0o022) !== 0)
    return {
      ...usual,
      problem: `${settings} can be written by others than root; set its owner to root, its mode to 644`,
    };
  try {
    return { folder: MachineSettings.parse(JSON.parse(readFileSync(settings, 'utf8'))).cuda, problem: '' };
  } catch {
    return { ...usual, problem: `${settings} is not {"cuda": "/an/absolute/path"}; mend it or take it away` };
  }
}

/** Beside the archive of a packaged program; else the folder that holds `models`. */
export function ownResources(): string {
  const program = path.resolve(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../../..' : '../..');
  return path.basename(program) === 'app.asar.unpacked' ? path.dirname(program) : program;
}
