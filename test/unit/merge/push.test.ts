import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { judgeVersion } from '../../../runner-host/merge/git-version';
import { classifyPush, push } from '../../../runner-host/merge/push';
import type { GateGit } from '../../../runner-host/merge/gate-git';

const root = join(import.meta.dirname, '../../..');
const sources = globSync('{extension,runner-host}/**/*.ts', { cwd: root }).map((file) => ({
  file,
  text: readFileSync(join(root, file), 'utf8'),
}));

describe('no other write to base is in the code', () => {
  test('git push stands in one place', () => {
    const found = sources.filter(({ text }) => /['"`]push['"`]\s*,|\bgit push\b.*['"`],\s*\[/.test(text));
    expect(
      found
        .map(({ file }) => file)
        .filter((file) => !/\.push\(/.test(file))
        .sort(),
    ).toEqual(['runner-host/merge/push.ts', 'runner-host/merge/receipts.ts']);
    // There it is the name of what failed, in an error.
    const receipts = sources.find(({ file }) => file.endsWith('merge/receipts.ts'))?.text ?? '';
    expect(receipts.match(/\['push', [A-Z_]+\]/g)).toEqual(["['push', RECEIPTS_REF]"]);
  });

  test('it is called for a landing, a late deletion and a receipt, each from one file', () => {
    const calls = sources.filter(({ text }) => /from '\.\/push'/.test(text) && /\bawait push\(/.test(text));
    expect(calls.map(({ file }) => file).sort()).toEqual([
      'runner-host/merge/finish.ts',
      'runner-host/merge/land.ts',
      'runner-host/merge/receipts.ts',
    ]);
    const kinds = (file: string) => sources.find((one) => one.file.endsWith(file))?.text.match(/kind: '[a-z-]+'/g);
    expect(kinds('merge/land.ts')).toEqual(["kind: 'landing'"]);
    expect(kinds('merge/finish.ts')).toEqual(["kind: 'late-deletion'"]);
    expect(kinds('merge/receipts.ts')).toEqual(["kind: 'receipt'"]);
  });

  test('no send-pack, and refs of the user are written by name in one place', () => {
    expect(sources.filter(({ text }) => /send-pack/.test(text)).map(({ file }) => file)).toEqual([]);
  });

  test('every push is atomic and has the expected commit of each ref; base is never deleted', async () => {
    const calls: string[][] = [];
    const git = {
      ask: (args: readonly string[]) => {
        calls.push([...args]);
        return Promise.resolve({ code: 0, stdout: Buffer.from(''), stderr: '', timedOut: false });
      },
    } as unknown as GateGit;
    const target = { url: 'URL', local: false, variables: {} };
    const drop = [{ ref: 'refs/heads/x', at: 'F' }];
    const base = { ref: 'refs/heads/main', at: 'A' };
    await push(git, target, { kind: 'landing', base, to: 'C', drop });
    await push(git, target, { kind: 'late-deletion', base: base.ref, drop });
    await push(git, target, { kind: 'receipt', at: null, to: 'N' });
    for (const call of calls) expect(call).toContain('--atomic');
    expect(calls.map((call) => call.slice(call.indexOf('--atomic') + 4))).toEqual([
      [
        '--force-with-lease=refs/heads/main:A',
        '--force-with-lease=refs/heads/x:F',
        '--',
        'URL',
        'C:refs/heads/main',
        ':refs/heads/x',
      ],
      ['--force-with-lease=refs/heads/x:F', '--', 'URL', ':refs/heads/x'],
      ['--force-with-lease=refs/notes/interlock:', '--', 'URL', 'N:refs/notes/interlock'],
    ]);
    const deletion = { kind: 'late-deletion', base: base.ref, drop: [{ ref: base.ref, at: 'A' }] } as const;
    await expect(push(git, target, deletion)).rejects.toThrow('never deleted');
    await expect(push(git, target, { kind: 'landing', base, to: 'C', drop: deletion.drop })).rejects.toThrow();
  });
});

describe('what a server says', () => {
  const answer = (stdout: string, stderr = '', code: number | null = 1) =>
    classifyPush({ code, stdout: Buffer.from(stdout), stderr }).state;
  test.each([
    ['!\tC:refs/heads/main\t[rejected] (stale info)', '', 'moved'],
    ['!\tC:refs/heads/main\t[rejected] (fetch first)', '', 'moved'],
    ['!\tC:refs/heads/main\t[remote rejected] (failed to update ref)', '', 'moved'],
    ['!\tC:refs/heads/main\t[remote rejected] (some new words)', '', 'moved'],
    ['!\tC:refs/heads/main\t[remote rejected] (pre-receive hook declined)', '', 'policy'],
    ['!\tC:refs/heads/main\t[remote rejected] (protected branch hook declined)', 'remote: error: GH006', 'policy'],
    ['!\tC:refs/heads/main\t[remote rejected] (branch is currently checked out)', '', 'policy'],
    ['!\t:refs/heads/x\t[remote rejected] (deletion prohibited)', '', 'policy'],
    ['!\tC:refs/heads/main\t[remote rejected] (unpacker error)', '', 'refused'],
    ['', 'fatal: the remote end hung up unexpectedly', 'unknown'],
  ])('%s %s: %s', (stdout, stderr, state) => {
    expect(answer(stdout, stderr)).toBe(state);
  });

  test('no exit code is no answer', () => {
    expect(answer('', '', null)).toBe('unknown');
    expect(answer('', '', 0)).toBe('done');
  });
});

test.each([
  ['git version 2.39.5', true],
  ['git version 2.38.0', true],
  ['git version 2.37.9 (Apple Git-136)', false],
  ['git version 1.9.1', false],
  ['git version 3.0.0', true],
  ['nonsense', false],
])('%s may be used: %s', (said, enough) => {
  expect(judgeVersion(said) === null).toBe(enough);
});
