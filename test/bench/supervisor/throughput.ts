import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputLog } from '../../../runner-host/output/output-log';
import { run } from '../../integration/hostile/rig';

const CAP = 64 * 1024 * 1024;

export interface Throughput {
  megabytes: number;
  plainMs: number;
  oursMs: number;
  /** The most that the reading process grew by, in MB. */
  grownMb: number;
}

/**
 * Output without a line feed, as fast as it comes: through a plain pipe to a file, and through us to a finished `output.log`.
 * In turn, so that whatever else the machine does meets both; the first of each warms up.
 */
export async function measureThroughput(megabytes: number, rounds: number): Promise<Throughput> {
  const folder = mkdtempSync(join(tmpdir(), 'ilk-bench-'));
  const bytes = megabytes * 1_000_000;
  const plain: number[] = [];
  const ours: number[] = [];
  let grown = 0;
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const plainMs = piped(join(folder, 'plain'), bytes);
      const one = await supervised(join(folder, 'output.log'), bytes);
      grown = Math.max(grown, one.grown);
      if (round === 0) continue;
      plain.push(plainMs);
      ours.push(one.ms);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // The fastest of each: what else the machine does can only add.
  return { megabytes, plainMs: Math.min(...plain), oursMs: Math.min(...ours), grownMb: grown / 1_000_000 };
}

function piped(path: string, bytes: number): number {
  const began = performance.now();
  const { status } = spawnSync('/bin/sh', ['-c', `head -c ${bytes} /dev/zero | cat > "$1"`, 'sh', path]);
  const ms = performance.now() - began;
  if (status !== 0 || statSync(path).size !== bytes) throw new Error('the plain pipe did not take everything');
  return ms;
}

async function supervised(path: string, bytes: number): Promise<{ ms: number; grown: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const sampler = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  const output = new OutputLog(path, CAP);
  // What a shim takes to start is measured by itself.
  let began = 0;
  const onStarted = (): void => void (began = performance.now());
  try {
    const command: [string, ...string[]] = ['/bin/sh', '-c', `head -c ${bytes} /dev/zero`];
    const { supervision } = await run({ command, sink: output, onStarted });
    if (supervision.outputBytes !== bytes) throw new Error(`${supervision.outputBytes} of ${bytes} bytes arrived`);
    const { dropped } = output.finish();
    if (dropped !== Math.max(0, bytes - CAP)) throw new Error(`${dropped} bytes were dropped`);
    return { ms: performance.now() - began, grown: Math.max(most, process.memoryUsage.rss()) - before };
  } finally {
    clearInterval(sampler);
    output.close();
  }
}
