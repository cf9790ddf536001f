import { describe, expect, test } from 'vitest';
import type { StagingConfig } from '../../../extension/config/project-config';
import type { Engine } from '../../../extension/engine';
import { GitError } from '../../../extension/git/git-error';
import type { HostStatus } from '../../../runner-host/protocol/methods';
import type { StagingCheck, StagingNeed } from '../../../runner-host/protocol/staging';
import { fakeEngine, LOADED, type FakeEngine } from './fake-engine';
import { FakeWorld, onlyJson, run } from './fake-world';
import { stagingCheck } from './rows';

const staging: StagingConfig = {
  target: { transport: 'ssh2', host: 'staging.example.com', port: null, user: null },
  command: ['./check.sh'],
  cwd: '/srv',
  timeoutMs: 1,
  graceMs: 1,
  env: {},
  container: null,
  servedCommit: null,
  report: null,
  waivers: [],
};
const PASSPHRASE: StagingNeed = { kind: 'passphrase', identity: '/home/ann/.ssh/id_ed25519' };
const TRUST: StagingNeed = {
  kind: 'trust',
  host: 'staging.example.com',
  port: 22,
  type: 'ssh-ed25519',
  fingerprint: 'SHA256:abc',
};
const needing = (need: StagingNeed): StagingCheck =>
  stagingCheck({ state: 'permanent-env', cause: 'key-unusable', need, facts: [{ ok: false, text: 'login refused' }] });

/** An engine of a project with a staging host that gives these answers, one after the other. */
function engineOf(answers: StagingCheck[], over: Partial<Engine> = {}): FakeEngine {
  const left = [...answers];
  return fakeEngine({
    config: () => Promise.resolve({ ok: true, loaded: { ...LOADED, config: { ...LOADED.config, staging } } }),
    checkStaging: () =>
      Promise.resolve(left.length > 1 ? (left.shift() ?? stagingCheck()) : (left[0] ?? stagingCheck())),
    ...over,
  });
}
function terminal(engine: Engine, ...answers: (string | null)[]): FakeWorld {
  const world = new FakeWorld(engine);
  world.interactive = true;
  world.answers = answers;
  return world;
}

describe('doctor', () => {
  test('looks at tools, ledger, configuration, runner host and staging host, and is fine with a good place', async () => {
    const { exit, out } = await run('doctor', new FakeWorld(engineOf([stagingCheck()])));
    expect(exit).toBe(0);
    for (const text of [
      'node        v22.1.0',
      'git         2.39.5',
      'ledger',
      'interlock.json of main',
      'deploy@staging.example.com:22 is ready',
      'host key SHA256:abc is on file',
      'Interlock can work here.',
    ])
      expect(out).toContain(text);
  });

  test('asks no host of a project that has none', async () => {
    const engine = fakeEngine({ checkStaging: () => Promise.reject(new Error('asked')) });
    const { exit, out } = await run('doctor', new FakeWorld(engine));
    expect(exit).toBe(0);
    expect(out).not.toContain('staging');
  });

  test.each<[string, Partial<Engine>, number]>([
    ['a damaged ledger', { ledgerHealth: { mode: 'read-only', code: 'damaged', reason: 'torn', remedy: 'help' } }, 5],
    [
      'a wrong configuration',
      {
        config: () =>
          Promise.resolve({
            ok: false,
            problems: [{ file: 'f', line: 1, column: 1, key: 'staging', message: 'bad', remedy: 'help' }],
          }),
      },
      2,
    ],
    ['a runner host that cannot be asked', { hostStatus: () => Promise.reject(new Error('gone')) }, 5],
    ['a staging host that cannot be asked', { checkStaging: () => Promise.reject(new Error('gone')) }, 5],
    [
      'a staging host that is not ready',
      { checkStaging: () => Promise.resolve(stagingCheck({ state: 'transient-infra', cause: 'unreachable' })) },
      3,
    ],
  ])('%s: says so, with what helps, and the exit code', async (_name, over, expected) => {
    const { exit, out } = await run('doctor', new FakeWorld(engineOf([], over)));
    expect(exit).toBe(expected);
    expect(out).toMatch(/BAD| \? /);
    expect(out).toContain('Something has to be mended first');
  });

  test('a place without a repository is a finding like the others', async () => {
    const world = new FakeWorld();
    world.openEngine = () => Promise.reject(new GitError('not-a-repository', 'no repository here', 'git init', {}));
    const { exit, out } = await run('doctor', world);
    expect(exit).toBe(2);
    expect(out).toContain('no repository here');
    expect(out).toContain('git init');
  });

  test('says that weak containment is no proof', async () => {
    const host = { identity: { pid: 7 }, version: 1, containment: 'sweep', runs: [] } as unknown as HostStatus;
    const { out } = await run('doctor', new FakeWorld(engineOf([], { hostStatus: () => Promise.resolve(host) })));
    expect(out).toContain('sweep: what a run leaves behind is found by a scan, without proof');
  });
});

describe('what the staging host needs', () => {
  test('is asked for at a terminal, hidden, handed over, and the host is looked at again', async () => {
    const engine = engineOf([needing(PASSPHRASE), stagingCheck()]);
    const world = terminal(engine, 'correct horse');
    const { exit, out, err } = await run('doctor', world);
    expect(exit).toBe(0);
    expect(world.asked).toEqual([{ question: expect.stringContaining('id_ed25519'), hidden: true }]);
    expect(engine.calls).toContainEqual({
      name: 'giveStagingSecret',
      arguments: [{ kind: 'passphrase', identity: '/home/ann/.ssh/id_ed25519', value: 'correct horse' }],
    });
    expect(out + err).not.toContain('correct horse');
  });

  test('a password is asked for the same way', async () => {
    const engine = engineOf([needing({ kind: 'password' }), stagingCheck()]);
    const world = terminal(engine, 's3cret');
    expect((await run('doctor', world)).exit).toBe(0);
    expect(world.asked.map(({ hidden }) => hidden)).toEqual([true]);
  });

  test('a new host key is kept only for the whole word "yes", after its fingerprint was shown', async () => {
    const engine = engineOf([needing(TRUST), stagingCheck()]);
    const { exit, err } = await run('doctor', terminal(engine, 'yes'));
    expect(exit).toBe(0);
    expect(err).toContain('SHA256:abc');
    expect(engine.calls).toContainEqual({ name: 'trustStagingHost', arguments: ['SHA256:abc'] });
  });

  test.each(['y', 'no', '', null])('the answer %j keeps no key', async (answer) => {
    const engine = engineOf([needing(TRUST), stagingCheck()]);
    const { exit } = await run('doctor', terminal(engine, answer));
    expect(exit).toBe(3);
    expect(engine.calls.map(({ name }) => name)).not.toContain('trustStagingHost');
  });

  test('a key that is refused is not asked about again', async () => {
    const refused = { trustStagingHost: () => Promise.resolve({ trusted: false, detail: 'another key is on file' }) };
    const { exit, err } = await run('doctor', terminal(engineOf([needing(TRUST)], refused), 'yes', 'yes'));
    expect(exit).toBe(3);
    expect(err).toContain('another key is on file');
  });

  test('an answer that does not help is asked for again only so often', async () => {
    const world = terminal(engineOf([needing(PASSPHRASE)]), ...Array.from({ length: 50 }, () => 'wrong'));
    expect((await run('doctor', world)).exit).toBe(3);
    expect(world.asked.length).toBeLessThanOrEqual(10);
  });

  test.each(['doctor --json', 'doctor'])(
    '"%s" without a terminal asks nothing and says what is needed',
    async (words) => {
      const world = new FakeWorld(engineOf([needing(PASSPHRASE)]));
      world.interactive = words.includes('--json');
      world.answers = ['never'];
      const { exit, out } = await run(words, world);
      expect(exit).toBe(3);
      expect(world.asked).toEqual([]);
      expect(out).toContain(
        'run \\"interlock doctor\\" at a terminal'.replaceAll(words.includes('--json') ? '' : '\\', ''),
      );
    },
  );

  test('programs get every check and what the host said', async () => {
    const { out } = await run('doctor --json', new FakeWorld(engineOf([needing(PASSPHRASE)])));
    const answer = onlyJson(out);
    expect(answer['ok']).toBe(false);
    expect(answer['staging']).toMatchObject({ state: 'permanent-env', need: PASSPHRASE });
    expect(answer['checks']).toContainEqual(
      expect.objectContaining({ name: 'staging', ok: 'no', remedy: expect.stringContaining('interlock doctor') }),
    );
  });
});
