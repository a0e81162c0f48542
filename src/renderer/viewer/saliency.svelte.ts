/** The heat map of the finding that is looked at: fetched once, kept while its analysis is on the screen. */
import type { Product } from '#contract/calls.ts';
import type { Api } from '#contract/protocol.ts';
import type { AnalysisId, LabelId } from '#core/study/ids.ts';
import { makeHeat, type Heat } from './heat.ts';
import { createLru } from './lru.ts';

export type SaliencyApi = Pick<Api<Product>, 'analysis.saliency'>;

export function createSaliency(api: SaliencyApi) {
  let analysis: AnalysisId | null = null;
  let request = new AbortController();
  const made = createLru<Heat>(16);
  let shown = $state.raw<{ label: LabelId; heat: Heat } | null>(null);
  let error = $state('');

  async function show(nextAnalysis: AnalysisId | null, label: LabelId | null): Promise<void> {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    if (nextAnalysis !== analysis) made.clear();
    analysis = nextAnalysis;
    error = '';
    const heat = label === null ? undefined : made.get(label);
    shown = heat && label !== null ? { label, heat } : null;
    if (heat || label === null || nextAnalysis === null) return;
    try {
      const saliency = await api['analysis.saliency']({ analysis: nextAnalysis, label }, signal);
      if (signal.aborted) return;
      const fresh = makeHeat(saliency);
      made.put(label, fresh, 1);
      shown = { label, heat: fresh };
    } catch (thrown) {
      if (!signal.aborted) error = thrown instanceof Error ? thrown.message : 'The heat map could not be read.';
    }
  }

  return {
    get shown() {
      return shown;
    },
    get error() {
      return error;
    },
    /** null for nothing. An answer that comes after the next call is dropped. */
    show: (next: AnalysisId | null, label: LabelId | null) => void show(next, label),
  };
}
