import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { git } from '../rig/git';
import { FakeWorld, onlyJson, run } from '../../unit/cli/fake-world';

let root: string;
beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), 'interlock init ')))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const init = (cwd: string, ...more: string[]) => run(['init', '--cwd', cwd, ...more], new FakeWorld());

function npmProject(): void {
  git(root, 'init', '--quiet', '-b', 'trunk');
  writeFileSync(join(root, 'package.json'), JSON.stringify({ scripts: { test: 'node --test' } }));
  git(root, 'add', '.');
  git(root, 'commit', '--quiet', '-m', 'chore: first');
}

describe('interlock init', () => {
  test('writes a configuration for the project from any sub-folder, and says what it chose and that it must be committed', async () => {
    npmProject();
    mkdirSync(join(root, 'deep/er'), { recursive: true });
    const { exit, out, world } = await init(join(root, 'deep/er'));
    expect([exit, world.openEngineCalls]).toEqual([0, []]);
    expect(out).toContain(join(root, 'interlock.json'));
    expect(out).toContain('npm');
    expect(out).toContain('Commit interlock.json to trunk');
    expect(existsSync(join(root, '.git/interlock'))).toBe(false);
    expect(readFileSync(join(root, 'interlock.json'), 'utf8')).toContain('"base": "trunk"');
  });

  test('knows the remote that items will land on', async () => {
    npmProject();
    expect((await init(root, '--json')).out).toContain('\\"remote\\": \\"\\"');
    rmSync(join(root, 'interlock.json'));
    git(root, 'remote', 'add', 'upstream', root);
    expect((await init(root, '--json')).out).toContain('\\"remote\\": \\"upstream\\"');
  });

  test('answers programs with file, kind, reasons and text', async () => {
    npmProject();
    const json = onlyJson((await init(root, '--json')).out);
    expect(json).toMatchObject({ file: join(root, 'interlock.json'), kind: 'npm' });
    expect(json['text']).toBe(readFileSync(join(root, 'interlock.json'), 'utf8'));
  });

  test('works before the first commit', async () => {
    git(root, 'init', '--quiet', '-b', 'fresh');
    const { exit, out } = await init(root);
    expect(exit).toBe(0);
    expect(out).toContain('No test command was found');
    expect(readFileSync(join(root, 'interlock.json'), 'utf8')).toContain('"base": "fresh"');
  });

  test('never touches a configuration that is there', async () => {
    npmProject();
    writeFileSync(join(root, 'interlock.json'), '{ "mine": true }');
    const { exit, err } = await init(root);
    expect(exit).toBe(2);
    expect(err).toContain('was left as it is');
    expect(readFileSync(join(root, 'interlock.json'), 'utf8')).toBe('{ "mine": true }');
  });

  test('outside of a repository ends with 2 and writes nothing', async () => {
    const { exit, out } = await init(root, '--json');
    expect([exit, onlyJson(out)]).toMatchObject([2, { error: { code: 'git-not-a-repository' } }]);
    expect(existsSync(join(root, 'interlock.json'))).toBe(false);
  });
});
