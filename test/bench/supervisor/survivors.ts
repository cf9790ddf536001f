import { GroundTruth } from '../../integration/hostile/ground-truth';
import { PROGRAMS, type HostileProgram } from '../../integration/hostile/programs';
import { METHODS, type Limits, type Method } from './methods';

const GRACE_MS = 400;
/** How long after the grace a process that still lives counts as a survivor. */
const PATIENCE_MS = 1500;

export interface Cell {
  /** Alive at the end of the patience, the worst of all rounds. Null: the program does not apply. */
  survivors: number | null;
  /** From the limit to the last death, the median of the rounds in which all died, in ms. Null: they never did. */
  latencyMs: number | null;
}

export interface Row {
  program: HostileProgram;
  cells: Cell[];
}

/** npm and Python need a while until all their processes are there. */
function limitsOf({ name }: HostileProgram): Limits {
  const timeoutMs = { j: 2500, k: 3500 }[name] ?? 700;
  return { timeoutMs, graceMs: GRACE_MS };
}

/** Every program under every method, `rounds` times. Ends everything that a method left behind. */
export async function measureSurvivors(rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const program of PROGRAMS) {
    const cells: Cell[] = [];
    for (const method of METHODS) cells.push(await measureCell(program, method, rounds));
    rows.push({ program, cells });
    console.log(
      `${program.name.padEnd(3)} ${cells.map(({ survivors }) => String(survivors ?? '-').padStart(4)).join('')}`,
    );
  }
  return rows;
}

async function measureCell(program: HostileProgram, method: Method, rounds: number): Promise<Cell> {
  if (program.killsSupervisor && !method.hasShim) return { survivors: null, latencyMs: null };
  const latencies: number[] = [];
  let survivors = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { left, latencyMs } = await measureOnce(program, method);
    survivors = Math.max(survivors, left);
    if (latencyMs !== null) latencies.push(latencyMs);
  }
  latencies.sort((a, b) => a - b);
  return { survivors, latencyMs: survivors > 0 ? null : (latencies[Math.floor(latencies.length / 2)] ?? null) };
}

async function measureOnce(
  program: HostileProgram,
  method: Method,
): Promise<{ left: number; latencyMs: number | null }> {
  const truth = new GroundTruth();
  const limits = limitsOf(program);
  const started = await method.start(program, truth, limits);
  const deadline = started.began + limits.timeoutMs;
  try {
    // What ends by itself may be looked at sooner, but then a daemon might not be there yet.
    await sleepUntil(deadline - 10);
    for (;;) {
      const left = truth.alive().length;
      const now = performance.now();
      if (left === 0 && now >= deadline) return { left, latencyMs: now - deadline };
      if (now > deadline + limits.graceMs + PATIENCE_MS) return { left, latencyMs: null };
      await sleepUntil(now + 5);
    }
  } finally {
    started.release();
    await truth.end();
  }
}

function sleepUntil(moment: number): Promise<void> {
  return new Promise((done) => setTimeout(done, Math.max(0, moment - performance.now())));
}
