import type { SecretStorage } from 'vscode';
import { stageOf } from '../../pipeline/stages';
import type { OpenRepository } from '../repositories';
import type { SecretStore } from './secret-store';

/** Whether the next step of the item is a run on the staging host. */
export const runsOnStaging = (stage: string): boolean => stageOf(stage)?.producer === 'staging-runner';

/**
 * Hands the runner host the secrets of the staging host that worked before: it keeps them in memory alone, and may be another
 * process than the last time. A host that cannot take them is no reason to stop: the run then says what it needs.
 */
export async function giveKnownSecrets(
  { config, engine }: Pick<OpenRepository, 'config' | 'engine'>,
  storage: Pick<SecretStorage, 'get' | 'store' | 'delete'>,
  // Its code is in a file of its own: only those who use a staging host load it.
  load: () => Promise<{ SecretStore: typeof SecretStore }> = () => import('../on-demand'),
): Promise<void> {
  const target = config?.ok ? config.loaded.config.staging?.target : undefined;
  if (!target) return;
  const store = new (await load()).SecretStore(storage);
  for (const secret of await store.of(target)) await engine.giveStagingSecret(secret);
}
