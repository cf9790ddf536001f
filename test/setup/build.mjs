import { join } from 'node:path';
import { quietly, root, step } from './step.mjs';

/** Builds dist/ as it is shipped, unless it is newer than its sources already. Resolves with the build's table of sizes. */
export async function ensureBuild() {
  return step('Building dist/', () =>
    quietly(process.execPath, [join(root, 'esbuild.mjs'), '--production', '--if-needed'], {
      cwd: root,
      remedy: 'Correct the source at the place named above; `npm run build` repeats it.',
    }),
  );
}
