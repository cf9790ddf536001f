import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRunGit } from '../../../extension/git/run-git';
import { makeFolder } from './repository-fixture';

/** A `git` of our own, for what the real one cannot be made to do. */
function fakeGit(script: string): { folder: string; env: NodeJS.ProcessEnv } {
  const { folder, env } = makeFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'git'), 0o755);
  return { folder, env: { ...env, PATH: `${bin}:${env.PATH ?? ''}` } };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie answers signal 0 too.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('running git', () => {
  test('a git that hangs and ignores SIGTERM is stopped at the bound, with the helpers it started', async () => {
    const { folder, env } = fakeGit(
      `trap '' TERM; sleep 1000 & echo $! > "$PWD/helper"; echo $$ > "$PWD/git"; while :; do sleep 1; done`,
    );
    const run = createRunGit(folder, env);
    await expect(run(['fetch'], { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'timeout',
      facts: { command: 'fetch' },
    });
    for (const name of ['helper', 'git'])
      await expect.poll(() => isAlive(Number(readFileSync(join(folder, name), 'utf8')))).toBe(false);
  }, 15_000);

  test('an answer above its bound is an error, never a shorter answer', async () => {
    const { folder, env } = fakeGit('yes 0123456789 | head -c 300000');
    await expect(createRunGit(folder, env)(['ls-tree'], { maxBytes: 1000 })).rejects.toMatchObject({
      code: 'output-too-large',
    });
  });

  test('an exit code that is no answer throws with the words of git', async () => {
    const { folder, env } = fakeGit('echo "fatal: because" >&2; exit 3');
    const run = createRunGit(folder, env);
    await expect(run(['status'])).rejects.toMatchObject({
      code: 'failed',
      detail: 'git status ended with 3: fatal: because',
    });
    expect((await run(['status'], { accept: [0, 3] })).code).toBe(3);
  });

  test('a helper that ignores SIGTERM does not outlive a git that obeys it', async () => {
    const { folder, env } = fakeGit(
      `sh -c 'trap "" TERM; echo $$ > helper; while :; do sleep 1; done' & while [ ! -s helper ]; do sleep 0.05; done; wait`,
    );
    await expect(createRunGit(folder, env)(['fetch'], { timeoutMs: 2_000 })).rejects.toMatchObject({ code: 'timeout' });
    await expect.poll(() => isAlive(Number(readFileSync(join(folder, 'helper'), 'utf8')))).toBe(false);
  });

  test('a process that keeps stderr open after git has ended does not hold the answer back', async () => {
    const { folder, env } = fakeGit('echo answer; sleep 30 > /dev/null & exit 0');
    const answer = await createRunGit(folder, env)(['fetch'], { timeoutMs: 20_000 });
    expect(answer.stdout.toString()).toBe('answer\n');
  });

  test('output that does not end is no answer, and what keeps it open is killed', async () => {
    const { folder, env } = fakeGit('echo half; sleep 30 & echo $! > "$PWD/helper"; exit 0');
    await expect(createRunGit(folder, env)(['ls-tree'], { timeoutMs: 20_000 })).rejects.toMatchObject({
      code: 'timeout',
    });
    await expect.poll(() => isAlive(Number(readFileSync(join(folder, 'helper'), 'utf8')))).toBe(false);
  });

  test('a start that the system refuses is an error of its own, not a missing git', async () => {
    const { folder, env } = makeFolder();
    const run = createRunGit(folder, env);
    await expect(run(['status', 'x'.repeat(4 * 1024 * 1024)])).rejects.toMatchObject({ code: 'failed' });
    await expect(run(['status', 'a\0b'])).rejects.toMatchObject({ code: 'failed' });
  });

  test("the caller's GIT_ variables and language do not reach git", async () => {
    const { folder, env } = fakeGit('env > "$PWD/env"');
    const poisoned = {
      ...env,
      GIT_DIR: '/elsewhere',
      GIT_CONFIG_COUNT: '1',
      GIT_SSH_COMMAND: 'evil',
      LANG: 'de_DE',
      LC_MESSAGES: 'de_DE',
    };
    await createRunGit(folder, poisoned)(['status']);
    const seen = readFileSync(join(folder, 'env'), 'utf8')
      .split('\n')
      .filter((line) => /^(GIT_|LC_|LANG)/.test(line));
    expect(seen.sort()).toEqual([
      'GIT_LITERAL_PATHSPECS=1',
      'GIT_NO_REPLACE_OBJECTS=1',
      'GIT_TERMINAL_PROMPT=0',
      'LC_ALL=C',
    ]);
  });

  test('arguments reach git as they are, without a shell', async () => {
    const { folder, env } = fakeGit('for each; do printf "%s|" "$each"; done');
    const answer = await createRunGit(folder, env)(['status', '$(touch owned)', ';touch owned', 'a b\nc']);
    expect(answer.stdout.toString().endsWith('status|$(touch owned)|;touch owned|a b\nc|')).toBe(true);
    expect(existsSync(join(folder, 'owned'))).toBe(false);
  });

  test('a folder that is gone is not reported as a missing git', async () => {
    const { folder, env } = makeFolder();
    await expect(createRunGit(join(folder, 'gone'), env)(['status'])).rejects.toMatchObject({
      code: 'worktree-missing',
    });
  });
});
