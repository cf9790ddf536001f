/** Whether what stands on record up to a day (YYYY-MM-DD) still counts: to the end of that day, UTC. A text that is no day never does. */
export function isUnexpired({ until }: { until: string }, now: number): boolean {
  return now < Date.parse(`${until}T00:00:00Z`) + 24 * 60 * 60 * 1000;
}
