// npm run bench [-- name ... --option ...]: measures, and fails where a figure is over its limit. Options go to the measurements.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onProjectNode, runMain } from '../setup/project-node.mjs';
import { root, SetupError } from '../setup/step.mjs';

await onProjectNode(import.meta.url);
const folder = join(root, 'test', 'bench');
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));

await runMain(async () => {
  const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new SetupError(`There is no measurement ${unknown.join(', ')}.`, `There are: ${known.join(' ')}`);
  }
  const { ensureBuild } = await import('../setup/build.mjs');
  await ensureBuild();

  const failed = [];
  for (const name of names.length > 0 ? names : known) {
    console.log(`\n== ${name}`);
    const hooks = join(root, 'test', 'setup', 'typescript-hooks.mjs');
    const args = ['--import', hooks, join(folder, `${name}.bench.ts`), ...options];
    if (spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status !== 0) failed.push(name);
  }
  console.log(
    failed.length === 0 ? '\nAll figures are within their limits.' : `\nNot within limits: ${failed.join(', ')}`,
  );
  return failed.length === 0 ? 0 : 1;
});
