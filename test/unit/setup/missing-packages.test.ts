import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingPackages } from '../../setup/packages.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-packages-'));
  mkdirSync(join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, packages: object) => writeFileSync(join(folder, name), JSON.stringify({ packages }));
const installed = (packages: object) => write('node_modules/.package-lock.json', packages);

describe('missingPackages', () => {
  beforeEach(() =>
    write('package-lock.json', {
      '': {},
      'node_modules/a': { integrity: 'sha512-a1' },
      'node_modules/b': { integrity: 'sha512-b1' },
      'node_modules/for-another-system': { integrity: 'sha512-c', optional: true },
    }),
  );

  it('misses nothing when every package is there in the version of the lockfile', () => {
    installed({ 'node_modules/a': { integrity: 'sha512-a1' }, 'node_modules/b': { integrity: 'sha512-b1' } });
    expect(missingPackages(folder)).toEqual([]);
  });

  it('takes an install that npm did not finish for none', () => {
    expect(missingPackages(folder)).toEqual(['node_modules/a', 'node_modules/b']);
  });

  it('misses a package that is there in another version', () => {
    installed({ 'node_modules/a': { integrity: 'sha512-a0' }, 'node_modules/b': { integrity: 'sha512-b1' } });
    expect(missingPackages(folder)).toEqual(['node_modules/a']);
  });
});
