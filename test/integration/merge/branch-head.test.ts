import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { branchHead } from '../../../runner-host/merge/clean/backup-ref';
import { GateGit } from '../../../runner-host/merge/gate-git';
import { git } from '../rig/git';
import { commitFile, sampleRepository } from '../rig/sample-repository';

it('a branch is missing only where git says so: a repository that cannot be read is no proof', async () => {
  const sample = sampleRepository();
  try {
    commitFile(sample.root, 'a.txt', 'a');
    const signal = new AbortController().signal;
    const commonDir = join(sample.root, '.git');
    const tools = { git: new GateGit({ folder: sample.root, env: process.env, signal }), commonDir };
    expect(await branchHead(tools, 'refs/heads/main')).toBe(git(sample.root, 'rev-parse', 'main'));
    expect(await branchHead(tools, 'refs/heads/none')).toBeNull();
    rmSync(join(commonDir, 'HEAD'));
    await expect(branchHead(tools, 'refs/heads/main')).rejects.toMatchObject({ name: 'GitFailure' });
  } finally {
    sample.remove();
  }
});
