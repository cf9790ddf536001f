// npm start [-- --once]: sets up what is missing, shows one red item at testing and one green item that goes on through deploy-staging and lands on main, and opens VS Code on them.
import { onProjectNode, runMain } from '../setup/project-node.mjs';

await onProjectNode(import.meta.url);
const { demo } = await import('./demo.mjs');
await runMain(() => demo(process.argv.slice(2)));
