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

const states: Record<EngineState['state'], string> = {
  starting: 'starting',
  ready: 'ready',
  busy: 'working',
  down: 'being restarted',
};

/** `CPU, ready`; before a first run, which provider will run is not known and not claimed. */
export const engineWords = (engine: EngineState): string =>
  `${engine.run ? providerName(engine.run.provider) : 'Engine'} ${states[engine.state]}`;

/** `CPUExecutionProvider 176` → share of nodes, largest first. */
export function shares(run: EngineRun): { provider: string; nodes: number; share: number }[] {
  const all = Object.values(run.nodes).reduce((sum, nodes) => sum + nodes, 0);
  return Object.entries(run.nodes)
    .map(([provider, nodes]) => ({ provider: provider.replace('ExecutionProvider', ''), nodes, share: all ? nodes / all : 0 }))
    .sort((a, b) => b.nodes - a.nodes);
}
