/** What ran the model, in words. */
import type { EngineChoice, EngineState } from '#contract/calls.ts';
import type { EngineRun } from '#core/findings/findings.ts';

const providers: Record<EngineRun['provider'], string> = { cuda: 'CUDA', dml: 'DirectML', cpu: 'CPU' };
export const providerName = (provider: EngineRun['provider']): string => providers[provider];

export const choices: readonly { value: EngineChoice; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'cuda', label: 'CUDA' },
  { value: 'dml', label: 'DirectML' },
  { value: 'cpu', label: 'CPU' },
];

/** `CPU, ready`; before a first run, which provider will run is not known and not claimed. */
export function engineWords({ run, state, restarts }: EngineState): string {
  const name = run ? providerName(run.provider) : 'Engine';
  if (state === 'ready') return `${name} ready`;
  if (state === 'busy') return `${name} working`;
  if (state === 'starting') return `${name} starting`;
  // The engine starts with its first job: down before that is rest, not trouble.
  return restarts === 0 ? `${name} not started` : `${name} being restarted`;
}

/** A processor that runs because nobody asked for more is no trouble: it is said, quietly. */
export function engineInTrouble({ choice, run, state, restarts, notice }: EngineState): boolean {
  const expected = choice === 'auto' && notice === run?.fallback;
  return (notice !== '' && !expected) || (state === 'down' && restarts > 0);
}

/** `CPUExecutionProvider 176` → share of nodes, largest first. */
export function shares(run: EngineRun): { provider: string; nodes: number; share: number }[] {
  const all = Object.values(run.nodes).reduce((sum, nodes) => sum + nodes, 0);
  return Object.entries(run.nodes)
    .map(([provider, nodes]) => ({
      provider: provider.replace('ExecutionProvider', ''),
      nodes,
      share: all ? nodes / all : 0,
    }))
    .sort((a, b) => b.nodes - a.nodes);
}
