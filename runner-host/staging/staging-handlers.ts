import type { Handlers } from '../server/methods';

type StagingMethod = Extract<keyof Handlers, `staging/${string}`>;

/** The calls about staging hosts. */
export function stagingHandlers(): Pick<Handlers, StagingMethod> {
  const none = async (): Promise<never> => {
    throw new Error('no staging-runner yet');
  };
  return { 'staging/check': none, 'staging/secret': none, 'staging/trust': none };
}
