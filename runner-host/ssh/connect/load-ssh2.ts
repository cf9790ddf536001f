import type * as Loaded from './ssh2-module';

export type Ssh2Module = typeof Loaded;

/** A runner host that reaches no host by ssh never reads the client. */
export const loadSsh2 = (): Promise<Ssh2Module> => import('./ssh2-module');
