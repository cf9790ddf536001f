import { report } from './figure';
import { measureSuite } from './test-runner/suite';

const rounds = Number(process.env['INTERLOCK_BENCH_ROUNDS'] ?? 7);

const { tests, bareMs, supervisedMs } = await measureSuite(rounds);
console.log(
  `${tests} trivial tests, median of ${rounds}: bare ${bareMs.toFixed(0)} ms, supervised ${supervisedMs.toFixed(0)} ms`,
);
report({ name: `a suite of ${tests} trivial tests, bare = 1`, value: supervisedMs / bareMs, unit: 'x', limit: 1.05 });
