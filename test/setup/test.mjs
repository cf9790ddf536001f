// npm test: sets up what is missing, runs every check and suite, and ends with one line that sums them up.
//   node test/setup/test.mjs [step ...] [part of a test file's path ...]
import { onProjectNode, runMain } from './project-node.mjs';

await onProjectNode(import.meta.url);
const { runSteps } = await import('./run-steps.mjs');
await runMain(() => runSteps(process.argv.slice(2)));
