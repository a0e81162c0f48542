/** How much of the machine other programs had while something was measured: a bench on a busy machine says so. */
import { descendants, read, statOf } from './processes.ts';

/** Up to this share of the processors a measurement counts as undisturbed. */
export const QUIET = 0.1;

/** Begins counting; the answer is the others' share of all processors since, 0 to 1. NaN where it cannot be known. */
export function watchOthers(): () => number {
  const before = look();
  return () => {
    const after = look();
    const busy = after.busy - before.busy;
    const ours = [...after.ours].reduce((sum, [pid, used]) => sum + used - (before.ours.get(pid) ?? 0), 0);
    return Math.max(0, busy - ours) / (after.whole - before.whole);
  };
}

/** All in ticks of the kernel's clock (usually 10 ms). */
function look(): { busy: number; whole: number; ours: Map<number, number> } {
  const [, ...spent] = (read('/proc/stat').split('\n')[0] ?? '').split(/\s+/).map(Number);
  const [user = NaN, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, stolen = 0] = spent;
  const busy = user + nice + system + irq + softirq + stolen;
  const ours = new Map([process.pid, ...descendants()].map((pid) => [pid, used(pid)]));
  return { busy, whole: busy + idle + waiting, ours };
}

/** Processor time of a process and of those of its children that have ended: fields 14 to 17 of proc(5). */
const used = (pid: number): number =>
  statOf(pid)
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks), 0);
