import type { StagingCheck, StagingNeed, StagingSecret, StagingTarget } from '../../../runner-host/protocol/staging';
import type { SecretStore } from './secret-store';

/** What the flow needs of the engine. */
export interface StagingAccess {
  check(): Promise<StagingCheck>;
  give(secret: StagingSecret): Promise<void>;
  trust(fingerprint: string): Promise<{ trusted: boolean; detail: string }>;
}

/** What only a person can answer; undefined or false: they left. */
export interface StagingQuestions {
  trust(need: StagingNeed & { kind: 'trust' }): Promise<boolean>;
  secret(
    need: StagingNeed & { kind: 'passphrase' | 'password' },
    host: string,
    wrong: boolean,
  ): Promise<string | undefined>;
}

export type CheckEnd =
  | { end: 'checked'; check: StagingCheck }
  /** The person left a question open. */
  | { end: 'left'; check: StagingCheck }
  | { end: 'not-trusted'; check: StagingCheck; detail: string }
  | { end: 'too-many-wrong'; check: StagingCheck };

/** Hosts lock out addresses that ask more often. */
const WRONG_ANSWERS = 3;
/** Needs that follow each other: a key's trust, a passphrase a key, a password a hop. */
const ROUNDS = 16;

/** What can only be found out after the login: a secret that led there has worked. */
const AFTER_LOGIN: ReadonlySet<string> = new Set([
  'command-not-found',
  'container-client',
  'container-daemon',
  'container-missing',
  'container-paused',
  'container-permission',
  'container-stopped',
  'disk-full',
  'host-busy',
  'no-process-table',
  'not-executable',
  'preparation-failed',
  'run-folder',
  'served-commit',
  'served-commit-failed',
  'tool-missing',
  'workdir-missing',
  'workdir-unusable',
]);

/**
 * Checks the host, asking a person for what it needs, until a check needs nothing more. A secret is kept only once a login with
 * it has worked; one that was kept and does not work any more is forgotten before anybody is asked again.
 */
export async function checkWithPerson(
  access: StagingAccess,
  target: StagingTarget,
  store: SecretStore,
  ask: StagingQuestions,
): Promise<CheckEnd> {
  const kept = await store.of(target);
  for (const secret of kept) await access.give(secret);
  const fresh: StagingSecret[] = [];
  let wrong = 0;
  let check = await access.check();
  for (let round = 1; round < ROUNDS; round += 1) {
    const { need } = check;
    if (hasLoggedIn(check)) for (const secret of fresh.splice(0)) await store.keep(target, secret);
    if (need === null) return { end: 'checked', check };
    if (need.kind === 'trust') {
      // Only a key that nobody has seen before is for a person to take: never one in place of another.
      if (check.cause !== 'host-key-unknown') return { end: 'checked', check };
      if (!(await ask.trust(need))) return { end: 'left', check };
      const { trusted, detail } = await access.trust(need.fingerprint);
      if (!trusted) return { end: 'not-trusted', check, detail };
    } else {
      const failed = takeOut(fresh, need) ?? takeOut(kept, need);
      if (failed) {
        await store.forget(target, failed);
        wrong += 1;
      }
      if (wrong >= WRONG_ANSWERS) return { end: 'too-many-wrong', check };
      const value = await ask.secret(need, check.host, failed !== undefined);
      if (value === undefined) return { end: 'left', check };
      const secret: StagingSecret = { ...need, value };
      fresh.push(secret);
      await access.give(secret);
    }
    check = await access.check();
  }
  return { end: 'checked', check };
}

function hasLoggedIn({ state, cause }: StagingCheck): boolean {
  return state === 'ready' || AFTER_LOGIN.has(cause);
}

/** Takes the secret that was given for this need out of the list: it is asked for again, so it was wrong. */
function takeOut(
  secrets: StagingSecret[],
  need: StagingNeed & { kind: 'passphrase' | 'password' },
): StagingSecret | undefined {
  const at = secrets.findIndex(
    (one) =>
      one.kind === need.kind && (one.kind === 'password' || need.kind === 'password' || one.identity === need.identity),
  );
  return at < 0 ? undefined : secrets.splice(at, 1)[0];
}
