import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StagingCheck, StagingNeed, StagingSecret } from '../../../runner-host/protocol/staging';
import { checkWithPerson, type StagingQuestions } from '../../../extension/ui/staging/check-flow';
import { giveKnownSecrets } from '../../../extension/ui/staging/known-secrets';
import { SecretStore } from '../../../extension/ui/staging/secret-store';
import { factRow, hostRow, stagingRow } from '../../../extension/ui/runners/runners-rows';
import { inMemory } from './secret-storage';
import { MINUTE, NOW } from './rows';

const TARGET = { transport: 'ssh2', host: 'staging.example.com', port: null, user: 'deploy' } as const;
const KEY = '/home/ann/.ssh/id_ed25519';
const passphrase = (value: string, identity = KEY): StagingSecret => ({ kind: 'passphrase', identity, value });
const password = (value: string): StagingSecret => ({ kind: 'password', value });

const aCheck = (over: Partial<StagingCheck> = {}): StagingCheck => ({
  state: 'ready',
  cause: 'ready',
  host: 'deploy@staging.example.com:22',
  need: null,
  facts: [],
  ...over,
});
const needs = (need: StagingNeed, cause = 'authentication'): StagingCheck =>
  aCheck({ state: 'permanent-env', cause, need });
const TRUST: StagingNeed = { kind: 'trust', host: 'h', port: 22, type: 'ssh-ed25519', fingerprint: 'SHA256:abc' };

/** A host that wants this passphrase and, if one is named, this password. */
function hostThatWants(secrets: { passphrase?: string; password?: string }, then: StagingCheck = aCheck()) {
  const given: StagingSecret[] = [];
  const has = (kind: string, value: string | undefined) =>
    value === undefined || given.findLast((one) => one.kind === kind)?.value === value;
  return {
    given,
    check: async () => {
      if (!has('passphrase', secrets.passphrase)) return needs({ kind: 'passphrase', identity: KEY });
      if (!has('password', secrets.password)) return needs({ kind: 'password' });
      return then;
    },
    give: async (secret: StagingSecret) => void given.push(secret),
    trust: async () => ({ trusted: true, detail: '' }),
  };
}

function person(answers: (string | undefined)[], trusts = true) {
  const asked: { kind: string; wrong: boolean }[] = [];
  const questions: StagingQuestions = {
    trust: async () => {
      asked.push({ kind: 'trust', wrong: false });
      return trusts;
    },
    secret: async ({ kind }, _host, wrong) => {
      asked.push({ kind, wrong });
      return answers.shift();
    },
  };
  return { asked, questions };
}

describe('secrets of staging hosts', () => {
  it('are found again for the same host and key alone', async () => {
    const store = new SecretStore(inMemory());
    await store.keep(TARGET, passphrase('one'));
    await store.keep(TARGET, passphrase('two', '/other'));
    await store.keep(TARGET, password('three'));
    expect(await store.of(TARGET)).toEqual([passphrase('one'), passphrase('two', '/other'), password('three')]);
    for (const other of [
      { ...TARGET, host: 'staging.example.com.evil.example' },
      { ...TARGET, port: 2222 },
      { ...TARGET, user: 'root' },
      { ...TARGET, user: null },
    ])
      expect(await store.of(other)).toEqual([]);
  });

  it('replace their predecessor', async () => {
    const store = new SecretStore(inMemory());
    await store.keep(TARGET, password('old'));
    await store.keep(TARGET, password('new'));
    expect(await store.of(TARGET)).toEqual([password('new')]);
  });

  it('are forgotten one by one or all at once, with nothing left', async () => {
    const storage = inMemory();
    const store = new SecretStore(storage);
    await store.keep(TARGET, passphrase('one'));
    await store.keep({ ...TARGET, host: 'b' }, password('two'));
    await store.forget(TARGET, passphrase('one'));
    expect(await store.of(TARGET)).toEqual([]);
    expect(await store.forgetAll()).toBe(1);
    expect(storage.entries).toEqual(new Map());
    expect(await store.forgetAll()).toBe(0);
  });

  it('survive an index that cannot be read: they are asked for again', async () => {
    const storage = inMemory();
    await storage.store('interlock.staging', '{"not":"a list"}');
    expect(await new SecretStore(storage).of(TARGET)).toEqual([]);
  });

  it('are handed over for the configured host before a run', async () => {
    const storage = inMemory();
    await new SecretStore(storage).keep(TARGET, passphrase('one'));
    const given: StagingSecret[] = [];
    const engine = { giveStagingSecret: async (secret: StagingSecret) => void given.push(secret) };
    const repository = (staging: object | null) =>
      ({ config: { ok: true, loaded: { config: { staging } } }, engine }) as never;
    const load = async () => ({ SecretStore });
    await giveKnownSecrets(repository(null), storage, load);
    expect(given).toEqual([]);
    await giveKnownSecrets(repository({ target: TARGET }), storage, load);
    expect(given).toEqual([passphrase('one')]);
  });

  it('are in no file and no setting of ours', () => {
    const root = join(import.meta.dirname, '..', '..', '..');
    const sources = globSync('extension/ui/{staging,runners}/*.ts', { cwd: root })
      .concat('extension/ui/commands/check-staging.ts')
      .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);
    expect(sources.length).toBeGreaterThan(5);
    const leaking =
      /getConfiguration|globalState|workspaceState|node:fs|writeFile|\.env\b|log\.\w+\([^)]*(?:secret|value)/;
    expect(sources.filter(([, text]) => leaking.test(text)).map(([path]) => path)).toEqual([]);
    const settings = readFileSync(join(root, 'package.json'), 'utf8').match(/"interlock\.[\w.]+": \{/g) ?? [];
    expect(settings.filter((key) => /pass|secret|identity/i.test(key))).toEqual([]);
  });
});

describe('checking the staging host with a person', () => {
  it('asks nothing of a host that needs nothing', async () => {
    const { asked, questions } = person([]);
    const end = await checkWithPerson(hostThatWants({}), TARGET, new SecretStore(inMemory()), questions);
    expect(end.end).toBe('checked');
    expect(asked).toEqual([]);
  });

  it('keeps a secret once it has worked, and then does not ask again', async () => {
    const store = new SecretStore(inMemory());
    const host = hostThatWants({ passphrase: 'right' });
    await checkWithPerson(host, TARGET, store, person(['right']).questions);
    expect(await store.of(TARGET)).toEqual([passphrase('right')]);
    const later = person([]);
    const end = await checkWithPerson(hostThatWants({ passphrase: 'right' }), TARGET, store, later.questions);
    expect([end.check.state, later.asked]).toEqual(['ready', []]);
  });

  it('asks again after a wrong one, and keeps only the right one', async () => {
    const store = new SecretStore(inMemory());
    const { asked, questions } = person(['wrong', 'right']);
    await checkWithPerson(hostThatWants({ passphrase: 'right' }), TARGET, store, questions);
    expect(asked.map(({ wrong }) => wrong)).toEqual([false, true]);
    expect(await store.of(TARGET)).toEqual([passphrase('right')]);
  });

  it('forgets one that was kept and does not work any more', async () => {
    const store = new SecretStore(inMemory());
    await store.keep(TARGET, passphrase('old'));
    const { asked, questions } = person([undefined]);
    const end = await checkWithPerson(hostThatWants({ passphrase: 'new' }), TARGET, store, questions);
    expect(end.end).toBe('left');
    expect(asked).toEqual([{ kind: 'passphrase', wrong: true }]);
    expect(await store.of(TARGET)).toEqual([]);
  });

  it('stops after three wrong ones: hosts lock out who asks too often', async () => {
    const store = new SecretStore(inMemory());
    const { asked, questions } = person(['a', 'b', 'c', 'd']);
    const end = await checkWithPerson(hostThatWants({ password: 'right' }), TARGET, store, questions);
    expect(end.end).toBe('too-many-wrong');
    expect(asked).toHaveLength(3);
    expect(await store.of(TARGET)).toEqual([]);
  });

  it('keeps a passphrase and a password only after both have led to a login', async () => {
    const store = new SecretStore(inMemory());
    const host = hostThatWants({ passphrase: 'p', password: 'w' });
    await checkWithPerson(host, TARGET, store, person(['p', undefined]).questions);
    expect(await store.of(TARGET)).toEqual([]);
    await checkWithPerson(
      hostThatWants({ passphrase: 'p', password: 'w' }),
      TARGET,
      store,
      person(['p', 'w']).questions,
    );
    expect(await store.of(TARGET)).toEqual([passphrase('p'), password('w')]);
  });

  it.each([
    ['a login that another thing spoils', 'command-not-found', 1],
    ['a host that could not be reached', 'unreachable', 0],
    ['a refused login', 'authentication', 0],
    ['a cause that nobody knows', 'something-new', 0],
  ])('keeps what was typed after %s: %s', async (_, cause, kept) => {
    const store = new SecretStore(inMemory());
    const then = aCheck({ state: 'permanent-env', cause });
    await checkWithPerson(hostThatWants({ passphrase: 'p' }, then), TARGET, store, person(['p']).questions);
    expect(await store.of(TARGET)).toHaveLength(kept);
  });

  it('takes a host key that is seen for the first time, once a person has compared it', async () => {
    const taken: string[] = [];
    const host = {
      ...hostThatWants({}),
      check: async () => (taken.length === 0 ? needs(TRUST, 'host-key-unknown') : aCheck()),
      trust: async (fingerprint: string) => {
        taken.push(fingerprint);
        return { trusted: true, detail: '' };
      },
    };
    const left = await checkWithPerson(host, TARGET, new SecretStore(inMemory()), person([], false).questions);
    expect([left.end, taken]).toEqual(['left', []]);
    const end = await checkWithPerson(host, TARGET, new SecretStore(inMemory()), person([]).questions);
    expect([end.check.state, taken]).toEqual(['ready', ['SHA256:abc']]);
  });

  it.each(['host-key-changed', 'host-key-revoked', 'host-key-unanswered'])(
    'offers no trust for a key that is %s',
    async (cause) => {
      const { asked, questions } = person([]);
      const host = { ...hostThatWants({}), check: async () => needs(TRUST, cause) };
      const end = await checkWithPerson(host, TARGET, new SecretStore(inMemory()), questions);
      expect([end.end, asked]).toEqual(['checked', []]);
    },
  );

  it('says when the key was not taken', async () => {
    const host = {
      ...hostThatWants({}),
      check: async () => needs(TRUST, 'host-key-unknown'),
      trust: async () => ({ trusted: false, detail: 'another key is on file' }),
    };
    const end = await checkWithPerson(host, TARGET, new SecretStore(inMemory()), person([]).questions);
    expect(end).toMatchObject({ end: 'not-trusted', detail: 'another key is on file' });
  });

  it('comes to an end with a host that needs one thing after the other', async () => {
    let keys = 0;
    const host = {
      ...hostThatWants({}),
      check: async () => needs({ kind: 'passphrase', identity: `/key${(keys += 1)}` }),
    };
    const endless = person(Array.from({ length: 100 }, () => 'x'));
    const end = await checkWithPerson(host, TARGET, new SecretStore(inMemory()), endless.questions);
    expect(end.end).toBe('checked');
    expect(endless.asked.length).toBeLessThan(20);
  });
});

describe('the Runners view', () => {
  const staging = { host: 'staging.example.com', demo: false, last: undefined, going: false };

  it('tells a host that cannot be asked from one that does not run', () => {
    expect(hostRow({ state: 'idle' }, NOW).description).toBe('not running');
    expect(hostRow({ state: 'unknown', text: 'another user’s' }, NOW).description).toBe('cannot be asked');
  });

  it('says how the staging host stood, and when', () => {
    expect(stagingRow(staging, NOW).description).toBe('staging.example.com · not checked yet');
    expect(stagingRow({ ...staging, going: true }, NOW).description).toContain('being checked');
    const last = { check: needs({ kind: 'passphrase', identity: KEY }, 'passphrase'), at: NOW - 3 * MINUTE };
    expect(stagingRow({ ...staging, last }, NOW).description).toBe(
      'deploy@staging.example.com:22 · the private key needs its passphrase · 3m',
    );
    expect(stagingRow({ ...staging, demo: true }, NOW).description).toContain('demo, no isolation');
  });

  it('gives each fact a word, not only a colour', () => {
    expect([true, false, null].map((ok) => factRow({ ok, text: 'host key' }).spoken)).toEqual([
      'host key, good',
      'host key, bad',
      'host key, not known',
    ]);
  });
});
