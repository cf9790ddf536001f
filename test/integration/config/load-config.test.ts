import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../extension/config/load-config';
import type { ConfigReading } from '../../../extension/config/project-config';
import { createGit } from '../../../extension/git/create-git';
import { makeRepository, type TestRepository } from '../git/repository-fixture';

const load = async (repository: TestRepository): Promise<ConfigReading> =>
  loadConfig(await repository.open(), { root: repository.root });

const config = (base: string | null, command = 'npm test'): string =>
  JSON.stringify({ ...(base === null ? {} : { base }), stages: ['testing', 'merge', 'done'], test: { command } });

async function command(repository: TestRepository): Promise<unknown> {
  const reading = await load(repository);
  return reading.ok ? reading.loaded.config.test?.command : reading.problems;
}

describe('the configuration that decides', () => {
  test('is that of the base branch, whatever an item or the disk says', async () => {
    const repository = makeRepository();
    const text = config(null);
    repository.write('interlock.json', text);
    const commit = repository.commit('configuration');
    repository.git(['switch', '-q', '-c', 'work/A-1']);
    repository.write('interlock.json', config('main', 'true'));
    repository.commit('cheat');
    repository.write('interlock.json', config('main', 'true, uncommitted'));
    expect(await load(repository)).toMatchObject({
      ok: true,
      loaded: {
        config: { base: 'main', test: { command: 'npm test' } },
        base: { branch: 'main', commit },
        hash: createHash('sha256').update(text).digest('hex'),
      },
    });
  });

  test("is found through the remote's default branch where there is no local one", async () => {
    const repository = makeRepository();
    repository.write('interlock.json', config('trunk'));
    repository.commit('configuration');
    repository.git(['branch', '-m', 'trunk']);
    const clone = makeRepository('clone');
    clone.git(['remote', 'add', 'origin', repository.root]);
    clone.git(['fetch', '-q', 'origin']);
    clone.git(['remote', 'set-head', 'origin', 'trunk']);
    clone.write('interlock.json', config('main', 'on the local main'));
    clone.commit('other');
    expect(await load(clone)).toMatchObject({
      ok: true,
      loaded: { base: { branch: 'trunk' }, config: { test: { command: 'npm test' } } },
    });
  });

  test('is read from the branch that it names, if that one names itself', async () => {
    const repository = makeRepository();
    repository.write('interlock.json', config('develop', 'on main'));
    repository.commit('on main');
    repository.git(['switch', '-q', '-c', 'develop']);
    repository.write('interlock.json', config('develop', 'on develop'));
    const develop = repository.commit('on develop');
    repository.git(['switch', '-q', 'main']);
    expect(await load(repository)).toMatchObject({
      ok: true,
      loaded: { base: { branch: 'develop', commit: develop } },
    });
    expect(await command(repository)).toBe('on develop');
    repository.git(['switch', '-q', 'develop']);
    repository.write('interlock.json', config(null, 'without base'));
    repository.commit('its base is itself');
    expect(await command(repository)).toBe('without base');
  });

  test('two branches that name different bases are a problem, not a choice', async () => {
    const repository = makeRepository();
    repository.write('interlock.json', '{\n  "base": "develop",\n  "stages": ["merge", "done"]\n}');
    repository.commit('on main');
    repository.git(['switch', '-q', '-c', 'develop']);
    repository.write('interlock.json', config('main'));
    repository.commit('on develop');
    expect(await load(repository)).toMatchObject({
      ok: false,
      problems: [
        {
          file: 'main:interlock.json',
          key: 'base',
          line: 2,
          column: 11,
          message: expect.stringContaining('names main'),
        },
      ],
    });
  });

  test('a base that does not exist is a problem at its place', async () => {
    const repository = makeRepository();
    repository.write('interlock.json', '{ "base": "trunk", "stages": ["merge", "done"] }');
    repository.commit('configuration');
    expect(await load(repository)).toMatchObject({
      ok: false,
      problems: [
        { file: 'main:interlock.json', key: 'base', line: 1, column: 11, message: expect.stringContaining('trunk') },
      ],
    });
  });

  test('every problem of the committed file names the branch that it is on', async () => {
    const repository = makeRepository();
    repository.write('interlock.json', '{ "stages": ["merge"],\n "tets": {} }');
    repository.commit('broken');
    repository.write('interlock.json', config('main'));
    const reading = await load(repository);
    expect(reading).toMatchObject({
      ok: false,
      problems: [
        { file: 'main:interlock.json', key: 'stages', line: 1 },
        { file: 'main:interlock.json', key: 'tets', line: 2 },
      ],
    });
  });

  test('a file that is not UTF-8 is a problem; a byte order mark is none', async () => {
    const repository = makeRepository();
    repository.write('interlock.json', Buffer.from([0x7b, 0xff, 0x7d]));
    repository.commit('bytes');
    expect(await load(repository)).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining('UTF-8') }],
    });
    repository.write('interlock.json', `\ufeff${config('main')}`);
    repository.commit('mark');
    expect(await command(repository)).toBe('npm test');
  });
});

describe('a configuration that is not on the base branch', () => {
  test('nowhere: the remedy is to make one', async () => {
    expect(await load(makeRepository())).toMatchObject({
      ok: false,
      problems: [{ file: 'main:interlock.json', remedy: expect.stringContaining('interlock init') }],
    });
  });

  test('on the disk: the remedy is to commit it', async () => {
    const repository = makeRepository();
    repository.write('interlock.json', config('main'));
    expect(await load(repository)).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining('not committed'), remedy: 'Commit it to main' }],
    });
  });

  test('on the present branch: the remedy is to bring it to the base', async () => {
    const repository = makeRepository();
    repository.git(['switch', '-q', '-c', 'feature']);
    repository.write('interlock.json', config('main'));
    repository.commit('configuration');
    expect(await load(repository)).toMatchObject({
      ok: false,
      problems: [
        { message: expect.stringContaining('the present branch has one'), remedy: expect.stringContaining('main') },
      ],
    });
  });

  test('no branch at all: a problem with a remedy', async () => {
    const repository = makeRepository();
    repository.git(['switch', '-q', '--detach']);
    repository.git(['branch', '-q', '-m', 'main', 'other']);
    expect(await load(repository)).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining('no branch') }],
    });
  });

  test('an unreadable base is an error, never "there is no configuration"', async () => {
    const repository = makeRepository();
    repository.write('.git/refs/heads/main', `${'1'.repeat(40)}\n`);
    repository.git(['symbolic-ref', 'HEAD', 'refs/heads/other']);
    const place = {
      root: repository.root,
      name: 'x',
      commonDir: `${repository.root}/.git`,
      stateDir: `${repository.root}/.git/interlock`,
    };
    await expect(loadConfig(createGit(place, { env: repository.env }), place)).rejects.toMatchObject({
      code: 'damaged',
    });
  });
});
