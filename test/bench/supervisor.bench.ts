import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/step.mjs';
import { report } from './figure';
import { METHODS } from './supervisor/methods';
import { measureOverhead } from './supervisor/overhead';
import { supervisorReport } from './supervisor/report';
import { measureSurvivors } from './supervisor/survivors';
import { measureThroughput } from './supervisor/throughput';

const rounds = Number(process.env['INTERLOCK_BENCH_ROUNDS'] ?? 3);
const GRACE_MS = 400;

const overhead = await measureOverhead();
const throughput = [await measureThroughput(100, 5), await measureThroughput(1000, 1)];
console.log(`survivors, worst of ${rounds}: ${METHODS.map(({ name }) => name).join(', ')}`);
const rows = await measureSurvivors(rounds);

const ours = rows.flatMap(({ cells }) => cells.slice(0, 2));
const survivors = ours.reduce((sum, cell) => sum + (cell.survivors ?? 0), 0);
const latest = Math.max(
  ...rows
    .filter(({ program }) => program.exits === null && !program.killsSupervisor)
    .flatMap(({ cells }) => cells.slice(0, 2).map(({ latencyMs }) => latencyMs ?? Infinity)),
);
report({ name: 'survivors of all programs', value: survivors, unit: 'processes', limit: 0 });
report({ name: 'time limit to last death, longest median', value: latest, unit: 'ms', limit: GRACE_MS + 250 });
report({ name: 'overhead of a supervised true', value: overhead.shimMs, unit: 'ms', limit: 90 });
report({ name: 'the same with a spare shim', value: overhead.spareMs, unit: 'ms', limit: 90 });
for (const { megabytes, plainMs, oursMs, grownMb } of throughput) {
  report({ name: `${megabytes} MB of output, plain pipe = 1`, value: oursMs / plainMs, unit: 'x', limit: 1 / 0.7 });
  report({ name: `${megabytes} MB of output, memory`, value: grownMb * 1000, unit: 'KB', limit: 32_000 });
}

const folder = join(root, 'docs', 'benchmarks');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'supervisor.md'), supervisorReport({ rounds, rows, overhead, throughput }));
