/** The report can't be trusted. `reason` is for people and never says "fewer tests": what was read so far counts for nothing. */
export class JunitError extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.name = 'JunitError';
    this.reason = reason;
  }
}
