import type { Handlers } from '../server/methods';
import { trust } from '../ssh/connect/trust-store';
import { checkStaging } from './check-staging';
import type { StagingTools } from './run-staging';

type StagingMethod = Extract<keyof Handlers, `staging/${string}`>;

/** The calls about staging hosts. None rejects for what a host says. */
export function stagingHandlers(tools: StagingTools): Pick<Handlers, StagingMethod> {
  const { hosts } = tools;
  return {
    'staging/check': ({ spec }) => checkStaging(spec, tools),
    'staging/secret': async ({ target, secret }) => {
      hosts.keep(target, secret);
      return {};
    },
    'staging/trust': async ({ target, fingerprint }) => {
      const key = hosts.lastReport(target)?.hostKey ?? null;
      if (key === null) return { trusted: false, detail: 'no key of this host was seen: check the host first' };
      if (key.fingerprint !== fingerprint) {
        return { trusted: false, detail: `the host has shown ${key.fingerprint}, which is another key` };
      }
      // Only what neither file knows may be added: never beside another key of that host, never a revoked one.
      if (key.state !== 'unknown') return { trusted: key.state === 'known', detail: `the key is ${key.state}` };
      try {
        const answer = await trust(hosts.trustStore, key.address, Buffer.from(key.key, 'base64'));
        hosts.forget(target);
        return { trusted: answer === 'trusted' || answer === 'known', detail: `the key is ${answer}` };
      } catch (error) {
        return { trusted: false, detail: `the key could not be kept: ${(error as Error).message}` };
      }
    },
  };
}
