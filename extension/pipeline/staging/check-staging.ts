import type { StagingCheck, StagingSecret } from '../../../runner-host/protocol/staging';
import type { LoadedConfig } from '../../config/project-config';
import type { Host } from '../ports';

/** Looks at the staging host without running a suite there. A project without one gets an answer that says so. */
export async function checkStaging(host: Host, { config, base }: LoadedConfig): Promise<StagingCheck> {
  const { staging } = config;
  if (!staging) {
    const facts = [{ ok: false, text: `interlock.json on ${base.branch} has no "staging"` }];
    return { state: 'permanent-env', cause: 'not-configured', host: '', need: null, facts };
  }
  const { target, command, cwd, container, servedCommit } = staging;
  return host.request('staging/check', { spec: { target, command, cwd, container, servedCommit } });
}

/** The runner host keeps it in memory for its life; it is written nowhere. */
export async function giveStagingSecret(host: Host, loaded: LoadedConfig, secret: StagingSecret): Promise<void> {
  await host.request('staging/secret', { target: targetOf(loaded), secret });
}

/** Keeps a host key that a person has compared. */
export async function trustStagingHost(
  host: Host,
  loaded: LoadedConfig,
  fingerprint: string,
): Promise<{ trusted: boolean; detail: string }> {
  return host.request('staging/trust', { target: targetOf(loaded), fingerprint });
}

function targetOf({ config, base }: LoadedConfig) {
  if (!config.staging) throw new Error(`interlock.json on ${base.branch} has no "staging"`);
  return config.staging.target;
}
