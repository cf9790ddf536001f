import type { Method, Params, Result } from '../protocol/methods';

/** What a host does for an initialized client. Every method may throw `RequestRefused`. */
export type Handlers = {
  [M in Exclude<Method, 'initialize' | 'run/attach'>]: (params: Params<M>) => Promise<Result<M>>;
};
