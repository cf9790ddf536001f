import type { HostErrorCode } from '../protocol/errors';

/** A request that the host answers with an error; the client sees code and detail. */
export class RequestRefused extends Error {
  readonly code: HostErrorCode;
  readonly detail: string;

  constructor(code: HostErrorCode, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'RequestRefused';
    this.code = code;
    this.detail = detail;
  }
}
