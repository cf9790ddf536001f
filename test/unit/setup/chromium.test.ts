import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureChromium, findChromium } from '../../setup/chromium.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-path-'));
  vi.stubEnv('PATH', folder);
  vi.stubEnv('INTERLOCK_CHROMIUM', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const program = (name: string, mode = 0o755): string => {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
};

describe('the browser of the tests', () => {
  it('is the first known one on the PATH', () => {
    program('google-chrome');
    const chromium = program('chromium');
    expect(findChromium()).toBe(chromium);
  });

  it('is no file that cannot be run', () => {
    program('chromium', 0o644);
    expect(findChromium()).toBeUndefined();
  });

  it('is the one that INTERLOCK_CHROMIUM names, or nothing: never another one instead', () => {
    program('chromium');
    vi.stubEnv('INTERLOCK_CHROMIUM', join(folder, 'elsewhere'));
    expect(() => findChromium()).toThrow('INTERLOCK_CHROMIUM names');
  });

  it('is asked of the user, with the command, where it cannot be installed', async () => {
    await expect(ensureChromium()).rejects.toThrow('sudo apt-get install chromium');
  });
});
