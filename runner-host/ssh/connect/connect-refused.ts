import type { ThrewCause } from '../staging-evidence';

/** A connection that is not tried, because it can't come to a good end before a person has mended something. */
export class ConnectRefused extends Error {
  readonly reason: ThrewCause;

  constructor(reason: ThrewCause, message: string) {
    super(message);
    this.name = 'ConnectRefused';
    this.reason = reason;
  }
}
