import { spawn } from 'node:child_process';
import { median } from '../figure';
import { openHostRig } from '../../integration/host/host-rig';

const FILES = 20;
const TESTS_IN_A_FILE = 100;
const REPORT = 'ignored/junit.xml';

export interface SuiteCost {
  tests: number;
  /** The same command, started by Node alone; ms, median. */
  bareMs: number;
  /** From the request to the host until the result is here, with report read and tree proven twice; ms, median. */
  supervisedMs: number;
  /** Of that, what came before the command's start and after its end; ms, median. */
  aroundMs: number;
}

/**
 * A suite of trivial tests, bare and through a warm runner host (the second run of a project and every later one), in turn
 * and each first every other time, so that a machine that slows down slows down both.
 */
export async function measureSuite(rounds: number): Promise<SuiteCost> {
  const rig = await openHostRig();
  try {
    rig.commit(trivialTests());
    const command = [
      process.execPath,
      '--test',
      '--test-reporter=junit',
      `--test-reporter-destination=${REPORT}`,
      'test/*.test.mjs',
    ];
    rig.write(REPORT, '');
    await rig.run(rig.spec('true'));
    const bare: number[] = [];
    const supervised: number[] = [];
    const around: number[] = [];
    const runs = [
      async () => void bare.push(await timed(() => runBare(command, rig.worktree))),
      async () => {
        let suiteMs = 0;
        const ms = await timed(async () => {
          const { result } = await rig.run(rig.spec(command, { report: { format: 'junit', path: REPORT } }));
          const read = result.status === 'suite-ran' && result.report.state === 'read' ? result.report.passed : 0;
          if (read !== FILES * TESTS_IN_A_FILE) throw new Error(`not the whole suite ran: ${JSON.stringify(result)}`);
          suiteMs = result.supervision.durationMs;
        });
        supervised.push(ms);
        around.push(ms - suiteMs);
      },
    ];
    for (let round = 0; round < rounds; round += 1) for (const run of runs.reverse()) await run();
    return {
      tests: FILES * TESTS_IN_A_FILE,
      bareMs: median(bare),
      supervisedMs: median(supervised),
      aroundMs: median(around),
    };
  } finally {
    await rig.close();
  }
}

function trivialTests(): Record<string, string> {
  const cases = Array.from(
    { length: TESTS_IN_A_FILE },
    (_, n) => `test('adds ${n}', () => assert.equal(${n} + 1, ${n + 1}));`,
  );
  const text = `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n${cases.join('\n')}\n`;
  return Object.fromEntries(Array.from({ length: FILES }, (_, n) => [`test/part-${n}.test.mjs`, text]));
}

async function runBare([program = '', ...args]: readonly string[], cwd: string): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  child.stderr.resume();
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the bare suite ended with ${code}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
