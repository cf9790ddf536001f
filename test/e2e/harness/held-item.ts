import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interlock } from '../../demo/command-line.mjs';

export const HELD_ITEM = 'DEMO-3';
const BRANCH = 'feature/DEMO-3-patient-tests';

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Writes keys of `test` in interlock.json on the sample's base branch. */
export function configureTests(repository: string, keys: object): void {
  const path = join(repository, 'interlock.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as { test: object };
  writeFileSync(path, JSON.stringify({ ...config, test: { ...config.test, ...keys } }, null, 2));
  git(repository, 'commit', '--quiet', '--message', 'Change the rules', '--', 'interlock.json');
}

/** An item at testing with code and tests that bite, which also changed how its tests are run: green, and for a person to look at. */
export async function addHeldItem(repository: string): Promise<void> {
  configureTests(repository, { biteMatrix: 'advisory' });
  git(repository, 'push', '--quiet', 'origin', 'main');
  git(repository, 'switch', '--quiet', '--create', BRANCH, 'feature/DEMO-2-prices-with-vat');
  const path = join(repository, 'package.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('node --test ', 'node --test --test-timeout=60000 '));
  git(repository, 'commit', '--quiet', '--message', 'Give slow tests a minute', '--', 'package.json');
  git(repository, 'switch', '--quiet', 'main');
  await interlock(
    repository,
    ['add', 'Give slow tests a minute', '--id', HELD_ITEM, '--branch', BRANCH, '--stage', 'testing'],
    { quiet: true },
  );
}
