/** The value that this share of all values does not exceed (nearest rank). NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}

export const middle = (values: readonly number[]): number => quantile(values, 0.5);
