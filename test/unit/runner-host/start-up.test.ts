import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readOptions } from '../../../runner-host/options';
import { openPrivateFolder } from '../../../runner-host/private-folder';
import { socketPath } from '../../../runner-host/server/host-server';

describe('the host’s command line', () => {
  test('has defaults for everything but the state folder', () => {
    const options = readOptions(['--state', '/repo/.git/interlock']);
    expect(options).toMatchObject({
      stateDir: '/repo/.git/interlock',
      idleMs: 600_000,
      outputCap: 64 * 1024 * 1024,
      keep: 200,
      containment: ['subreaper', 'cgroup'],
    });
    expect(options.limit).toBeGreaterThanOrEqual(1);
  });

  test.each([
    [[]],
    [['--state', 'relative']],
    [['--state', '/s', '--concurrency', '0']],
    [['--state', '/s', '--idle-ms', '1e3']],
    [['--state', '/s', '--unknown']],
    [['--state', '/s', 'extra']],
    [['--state', '/s', '--containment', 'subreaper,jail']],
    [['--state', '/s', '--containment', '']],
  ])('%j is refused', (args) => {
    expect(() => readOptions(args)).toThrow(/.+/);
  });
});

describe('the private folder', () => {
  const before = process.env['TMPDIR'];
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(before ?? '/tmp', 'ilk-private-'));
    process.env['TMPDIR'] = root;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(root, { recursive: true, force: true });
  });
  const name = `interlock-${userInfo().uid}`;

  test('is made once, closed to all others', () => {
    const folder = openPrivateFolder();
    expect(folder).toBe(join(root, name));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(openPrivateFolder()).toBe(folder);
  });

  test('that others can enter is not used', () => {
    mkdirSync(join(root, name));
    chmodSync(join(root, name), 0o755);
    const folder = openPrivateFolder();
    expect(folder).not.toBe(join(root, name));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    if (basename(folder) !== name) rmSync(folder, { recursive: true });
  });

  test('is elsewhere when a socket in it would have too long a path', () => {
    const deep = join(root, 'x'.repeat(80));
    mkdirSync(deep);
    process.env['TMPDIR'] = deep;
    expect(tmpdir()).toBe(deep);
    const folder = openPrivateFolder();
    const socket = socketPath(folder, '/some/where');
    expect(dirname(socket)).toBe(folder);
    expect(Buffer.byteLength(socket)).toBeLessThan(100);
  });
});
