import { report } from './figure';
import { measureConnect } from './staging/connect';
import { StagingBench } from './staging/staging-bench';
import { measureSupervised } from './staging/supervised';
import { measureLog } from './staging/throughput';

const rounds = Number(process.env['INTERLOCK_BENCH_ROUNDS'] ?? 15);

const bench = new StagingBench();
try {
  await bench.start();
  const connect = await measureConnect(bench, rounds);
  const supervised = await measureSupervised(bench, rounds);
  const log = await measureLog(bench, 100, 3);

  const rate = (ms: number): string => `${((log.megabytes * 1000) / ms).toFixed(0)} MB/s`;
  console.log(`connect and run true: ours ${connect.ours.toFixed(1)} ms, ssh ${connect.system.toFixed(1)} ms`);
  console.log(
    `over a connection that is there: ours ${connect.pooled.toFixed(1)} ms, ControlMaster ${connect.master.toFixed(1)} ms`,
  );
  console.log(`a log of ${log.megabytes} MB: ours ${rate(log.ours)}, ssh ${rate(log.system)}`);
  report({ name: 'connect and run true, system ssh = 1', value: connect.ours / connect.system, unit: 'x', limit: 1 });
  report({ name: 'true over an open connection', value: connect.pooled, unit: 'ms', limit: 10 });
  report({ name: 'the same, ControlMaster = 1', value: connect.pooled / connect.master, unit: 'x', limit: 1.5 });
  report({ name: 'supervised true, with its connection', value: supervised.whole, unit: 'ms', limit: 250 });
  report({ name: 'supervised true over an open connection', value: supervised.pooled, unit: 'ms', limit: 250 });
  report({ name: `${log.megabytes} MB of log, system ssh = 1`, value: log.ours / log.system, unit: 'x', limit: 1 });
} finally {
  await bench.close();
}
