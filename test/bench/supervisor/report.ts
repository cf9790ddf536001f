import { cpus, release } from 'node:os';
import { METHODS } from './methods';
import type { Overhead } from './overhead';
import type { Row } from './survivors';
import type { Throughput } from './throughput';

export interface Measured {
  rounds: number;
  rows: readonly Row[];
  overhead: Overhead;
  throughput: readonly Throughput[];
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The text of docs/benchmarks/supervisor.md. */
export function supervisorReport({ rounds, rows, overhead, throughput }: Measured): string {
  const head = ['', 'program', ...METHODS.map(({ name }) => name)];
  const survivors = rows.map(({ program, cells }) => [
    program.name,
    program.what,
    ...cells.map((cell) => (cell.survivors === null ? '' : String(cell.survivors))),
  ]);
  const latencies = rows
    .filter(({ program }) => program.exits === null && !program.killsSupervisor)
    .map(({ program, cells }) => [
      program.name,
      program.what,
      ...cells.map(({ latencyMs }) => (latencyMs === null ? 'never' : latencyMs.toFixed(0))),
    ]);
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return `# The supervisor, measured

Made by \`npm run bench -- supervisor\` on Linux ${release()}, ${cpus().length} cores, Node ${process.versions.node}. Each program ran ${rounds} times
under each method: time limit 700 ms (npm 2500 ms, test workers 3500 ms), grace 400 ms.

## What is left

Processes alive 1.5 s after the grace, the worst of ${rounds}. The programs are in \`test/fixtures/hostile\`.

${table(head, survivors)}

"Interlock" has a child subreaper alone, as on most machines; "with a cgroup" is what it uses where it may make one. \`ks\` applies
only where there is a supervisor to kill; "execa", "tree-kill" and "group kill" run inside of the process that waits.

## How long it takes

From the time limit to the last death, in ms, median. Programs that ignore TERM get the whole grace of 400 ms.

${table(head, latencies)}

## What it costs

${table(
  ['', ''],
  [
    ['a bare spawn of `true`', ms(overhead.bareMs)],
    ['more with a shim', ms(overhead.shimMs)],
    ['more with a shim that was kept ready', ms(overhead.spareMs)],
    ['more with a shim and a cgroup', ms(overhead.cgroupMs)],
    [`${(overhead.workMs / 1000).toFixed(1)} s of work take longer by`, `${(overhead.work * 100).toFixed(1)} %`],
  ],
)}

## Output

Without a line feed, at full speed: through a plain pipe to a file, and through Interlock to \`output.log\` (at most 64 MiB kept).

${table(
  ['output', 'plain pipe', 'Interlock', 'speed of a plain pipe', 'memory grows by'],
  throughput.map(({ megabytes, plainMs, oursMs, grownMb }) => [
    `${megabytes} MB`,
    ms(plainMs),
    ms(oursMs),
    `${(plainMs / oursMs).toFixed(2)} x`,
    `${grownMb.toFixed(0)} MB`,
  ]),
)}
`;
}
