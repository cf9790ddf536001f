import { readFileSync } from 'node:fs';
import { mergeHandlers } from '../../../runner-host/merge/merge-handlers';
import { openProcessTable, ownIdentity } from '../../../runner-host/processes/own-identity';
import type { CleanRequest } from '../../../runner-host/protocol/merge-clean';

/** What the process that is to be killed is told, by a file. */
export interface CleanTask {
  stateDir: string;
  env: Record<string, string>;
  request: CleanRequest;
  /** Where it dies. */
  point: string;
}

const task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as CleanTask;
const table = openProcessTable();
const handlers = mergeHandlers({
  stateDir: task.stateDir,
  me: ownIdentity(table),
  table,
  env: task.env,
  reach: (point) => {
    if (point === task.point) process.kill(process.pid, 'SIGKILL');
    return Promise.resolve();
  },
});
void handlers['merge/clean'](task.request).then((result) => process.stdout.write(JSON.stringify(result)));
