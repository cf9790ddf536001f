import { report } from './figure';
import { CASES, measureParsing } from './test-runner/parse';
import { measureSuite } from './test-runner/suite';

const rounds = Number(process.env['INTERLOCK_BENCH_ROUNDS'] ?? 7);

for (const { format, bytes, firstMs, ms } of await measureParsing(rounds)) {
  console.log(`${format}: ${(bytes / 1e6).toFixed(1)} MB, later readings ${ms.toFixed(0)} ms`);
  report({ name: `${CASES} cases of ${format}, first reading`, value: firstMs, unit: 'ms', limit: 300 });
}
const { tests, bareMs, supervisedMs, aroundMs } = await measureSuite(rounds);
const more = (supervisedMs / bareMs - 1) * 100;
console.log(
  `${tests} trivial tests, median of ${rounds}: bare ${bareMs.toFixed(0)} ms, supervised ${supervisedMs.toFixed(0)} ms (+${more.toFixed(1)} %), of that before and after the suite ${aroundMs.toFixed(0)} ms`,
);
report({ name: `a suite of ${tests} trivial tests, bare = 1`, value: supervisedMs / bareMs, unit: 'x', limit: 1.05 });
