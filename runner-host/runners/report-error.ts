/** The report can't be trusted. `reason` is for people and never says "fewer tests": what was read so far counts for nothing. */
export class ReportError extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.name = 'ReportError';
    this.reason = reason;
  }
}
