// Runs a program in the process group that this one leads, and ends the group when its own starter is gone: a test that is killed
// cannot stop its server any more. The starter holds the other end of standard input; its end is the starter's end.
import { spawn } from 'node:child_process';

const program = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
program.once('exit', (code) => process.exit(code ?? 1));
process.stdin.once('end', () => process.kill(-process.pid, 'SIGKILL')).resume();
