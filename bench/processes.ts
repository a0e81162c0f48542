/** This process and what it started, as Linux sees them; nothing elsewhere. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Ids of every living descendant of this process. */
export function descendants(): number[] {
  const parents = new Map<number, number>();
  for (const pid of processes()) {
    const fields = statOf(pid);
    if (fields.length > 0) parents.set(pid, Number(fields[1]));
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent === process.pid || (parent !== undefined && parent > 1 && isOurs(parent));
  };
  return [...parents.keys()].filter(isOurs);
}

/** What stands after the name in /proc/PID/stat, from the state on (proc(5)); nothing when the process has gone. */
export function statOf(pid: number): string[] {
  const stat = read(path.join('/proc', String(pid), 'stat'));
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

export function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // the process has gone meanwhile, or this is not Linux
  }
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    return [];
  }
}
