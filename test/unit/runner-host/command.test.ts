import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildEnvironment, cookieName } from '../../../runner-host/supervisor/environment';
import { resolveProgram } from '../../../runner-host/supervisor/resolve-program';

const COOKIE = 'a'.repeat(32);

describe('the environment of a command', () => {
  const build = (
    from: NodeJS.ProcessEnv,
    passEnv: string[] = [],
    env: Record<string, string> = {},
  ): Record<string, string> => buildEnvironment({ from, passEnv, env, tmp: '/run/tmp', cookie: COOKIE });

  test('holds what the list allows and what is named, nothing else', () => {
    const from = {
      PATH: '/bin',
      HOME: '/h',
      LC_TIME: 'C',
      SECRET_TOKEN: 's',
      NODE_OPTIONS: '--require x',
      GIT_DIR: '/g',
      npm_config_x: '1',
      VSCODE_PID: '1',
      ELECTRON_RUN_AS_NODE: '1',
      JAVA_X: 'j',
    };
    expect(build(from, ['JAVA_X', 'NOT_SET'])).toEqual({
      PATH: '/bin',
      HOME: '/h',
      LC_TIME: 'C',
      JAVA_X: 'j',
      CI: 'true',
      TMPDIR: '/run/tmp',
      TMP: '/run/tmp',
      TEMP: '/run/tmp',
      [cookieName(COOKIE)]: '1',
    });
  });

  test('the project’s own values win, but never over the cookie', () => {
    const made = build({ HOME: '/h' }, [], { HOME: '/other', CI: '', [cookieName(COOKIE)]: '' });
    expect(made).toMatchObject({ HOME: '/other', CI: '', [cookieName(COOKIE)]: '1' });
  });

  test('the cookie of a run around this one is kept, so that its sweep finds what is started here', () => {
    const outer = cookieName('b'.repeat(32));
    expect(build({ [outer]: '1', ILK_RUN_short: '1' })).toMatchObject({ [outer]: '1' });
    expect(build({ ILK_RUN_short: '1' })).not.toHaveProperty('ILK_RUN_short');
  });

  test('PATH holds no entry that depends on the working directory', () => {
    expect(build({ PATH: '/bin::.:node_modules/.bin:/usr/bin' })['PATH']).toBe('/bin:/usr/bin');
  });
});

describe('the program of a command', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ilk-path-'));
    for (const name of ['first', 'second']) mkdirSync(join(folder, name));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const make = (path: string, mode: number): void => {
    writeFileSync(join(folder, path), '#!/bin/sh\n');
    chmodSync(join(folder, path), mode);
  };
  const resolve = (command: string | string[]): ReturnType<typeof resolveProgram> =>
    resolveProgram(command, folder, { PATH: `${folder}/first:relative:${folder}/second` }, 'linux');

  test('is the first one in PATH that can be executed; a folder or a plain file of that name is passed over', () => {
    mkdirSync(join(folder, 'first/tool'));
    make('second/tool', 0o755);
    expect(resolve(['tool', 'a b'])).toEqual({ ok: true, command: [join(folder, 'second/tool'), 'a b'] });
    rmSync(join(folder, 'first/tool'), { recursive: true });
    make('first/tool', 0o644);
    expect(resolve(['tool'])).toMatchObject({ ok: true, command: [join(folder, 'second/tool')] });
  });

  test('with a slash is taken from the working directory, without one never', () => {
    make('local', 0o755);
    expect(resolve(['./local'])).toEqual({ ok: true, command: [join(folder, 'local')] });
    expect(resolve(['local'])).toMatchObject({ ok: false, cause: 'command-not-found' });
  });

  test('that is there without permission is told from one that is not there', () => {
    make('first/tool', 0o644);
    expect(resolve(['tool'])).toMatchObject({
      ok: false,
      cause: 'not-executable',
      detail: expect.stringContaining('first/tool'),
    });
    expect(resolve(['nothing'])).toMatchObject({
      ok: false,
      cause: 'command-not-found',
      detail: expect.stringContaining('"nothing"'),
    });
    expect(resolve([''])).toMatchObject({ ok: false, cause: 'command-not-found' });
  });

  test('of a string is the shell', () => {
    expect(resolve('a | b')).toEqual({ ok: true, command: ['/bin/sh', '-c', 'a | b'] });
  });
});
