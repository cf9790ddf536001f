import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureTools, missingTools } from '../../setup/tools.mjs';

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-path-'));
  vi.stubEnv('PATH', folder);
  said = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const SHELLS = ['zsh', 'fish', 'tcsh'];
const program = (name: string, text: string): void =>
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });

describe('programs that the integration tests run', () => {
  it('are looked for on the PATH', () => {
    program('go', '');
    expect(missingTools([]).map((tool: { program: string }) => tool.program)).toEqual(['pytest', 'sshd', ...SHELLS]);
  });

  it('are looked for in the folders of servers too', () => {
    program('go', '');
    const folders = [mkdtempSync(join(folder, 'sbin-'))];
    writeFileSync(join(folders[0]!, 'sshd'), '');
    expect(missingTools(folders).map((tool: { program: string }) => tool.program)).toEqual(['pytest', ...SHELLS]);
  });

  it('that are there are not installed', async () => {
    for (const name of ['go', 'pytest', 'sshd', ...SHELLS]) program(name, '');
    await ensureTools([]);
    expect(said).toEqual([]);
  });

  it('that cannot be installed are named, with the command', async () => {
    await ensureTools([]);
    expect(said.join()).toContain(
      'sudo apt-get install --no-install-recommends python3-pytest golang-go openssh-server',
    );
  });

  it('are installed by root, those that are missing alone', async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(0);
    program('go', '');
    program('apt-get', `echo "$@" >> ${join(folder, 'calls')}`);
    await ensureTools([]);
    expect(readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')).toEqual([
      'update -qq',
      'install -y -qq --no-install-recommends python3-pytest openssh-server zsh fish tcsh',
    ]);
  });
});
