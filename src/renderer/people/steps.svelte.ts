/** How far a backup, a restore or a change of the key of this window is. */
import type { SafekeepingStep } from '#contract/records.ts';
import type { Link } from '../link/link.ts';

export interface Step {
  step: SafekeepingStep;
  done: number;
  total: number;
  unit: 'bytes' | 'tables';
}

/** To be called while a component is made: it listens as long as that is there. */
export function followSteps(link: () => Link) {
  let now = $state.raw<Step | null>(null);
  $effect(() => link().on('backup.progress', (step) => (now = step)));
  return {
    get now() {
      return now;
    },
    begin: () => (now = null),
  };
}
