export interface Figure {
  name: string;
  value: number;
  unit: 'KB' | 'ms' | 'files' | 'processes' | 'x';
  /** The most that is allowed. */
  limit: number;
}

/** Prints a figure beside its limit; one that is over it makes the process end with 1. */
export function report({ name, value, unit, limit }: Figure): void {
  const within = value <= limit;
  console.log(
    `${name.padEnd(44)} ${value.toFixed(1).padStart(9)} ${unit.padEnd(5)} limit ${limit} ${within ? '' : '  OVER'}`,
  );
  if (!within) process.exitCode = 1;
}

/** The middle one; of an even number of values the lower middle one. */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
  if (middle === undefined) throw new Error('No values, no median.');
  return middle;
}
