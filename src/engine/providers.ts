/** Which execution providers are tried, and in which order, by platform and choice. */
import type { EngineChoice } from '#contract/calls.ts';
import type { Provider } from '#core/findings/findings.ts';

/** The names under which ONNX Runtime reports who executed a node. */
export const REPORTED_AS: Record<Provider, string> = {
  cuda: 'CUDAExecutionProvider',
  dml: 'DmlExecutionProvider',
  cpu: 'CPUExecutionProvider',
};

export const SPOKEN: Record<Provider, string> = { cuda: 'CUDA', dml: 'DirectML', cpu: 'the processor (CPU)' };

/** The first is the one that was wanted; the processor always comes last. */
export function providersFor(choice: EngineChoice, platform: NodeJS.Platform): Provider[] {
  if (choice === 'cpu') return ['cpu'];
  if (choice === 'dml') return ['dml', 'cpu'];
  if (choice === 'cuda') return platform === 'win32' ? ['cuda', 'dml', 'cpu'] : ['cuda', 'cpu'];
  if (platform === 'win32') return ['dml', 'cpu'];
  if (platform === 'linux') return ['cuda', 'cpu'];
  return ['cpu'];
}

/**
 * Why a provider does not run, from ONNX Runtime's words to words for a person: the middle of a sentence. `loading`: what
 * the system says of libraries that are there and do not load.
 */
export function whyNot(provider: Provider, error: unknown, loading = ''): string {
  const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
  const why = /backend not found/.test(said)
    ? 'it is not part of ONNX Runtime on this system'
    : /load shared library/i.test(said)
      ? loading || 'its libraries are not installed'
      : `it could not be opened (${said.slice(0, 160)})`;
  return `${SPOKEN[provider]} is not used: ${why}`;
}

/** The whole sentence on a fallback; empty when there was none. */
export function fallbackNote(reasons: string[], ran: Provider): string {
  if (reasons.length === 0) return '';
  const text = `${reasons.join('; ')}. ${SPOKEN[ran]} runs the models.`;
  return text.replace('. the', '. The');
}
