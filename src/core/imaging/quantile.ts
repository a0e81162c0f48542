/** Quantiles without sorting everything: Hoare's selection (1961). */

/**
 * Linear between order statistics, as `numpy.quantile` does by default; `share` in [0,1]. Reorders `values`, which
 * must not be empty and must not hold NaN.
 */
export function quantile(values: Float64Array, share: number): number {
  const at = share * (values.length - 1);
  const left = Math.floor(at);
  const low = select(values, left);
  if (left === at) return low;
  let next = Infinity;
  for (let i = left + 1; i < values.length; i++) next = Math.min(next, values[i] ?? next);
  return low + (next - low) * (at - left);
}

/** The value that would stand at index `k` of the sorted array; smaller ones end up before it, larger ones behind. */
function select(values: Float64Array, k: number): number {
  let [from, to] = [0, values.length - 1];
  while (from < to) {
    const pivot = values[(from + to) >> 1] ?? 0;
    let [i, j] = [from, to];
    while (i <= j) {
      while ((values[i] ?? 0) < pivot) i++;
      while ((values[j] ?? 0) > pivot) j--;
      if (i > j) break;
      const held = values[i] ?? 0;
      values[i++] = values[j] ?? 0;
      values[j--] = held;
    }
    if (k <= j) to = j;
    else if (k >= i) from = i;
    else break;
  }
  return values[k] ?? 0;
}
