import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../../setup/step.mjs';
import { BenchFolder } from './bench-folder';
import { drawCharts } from './charts';
import { judge } from './figures-to-hold';
import { describeMachine, presentLoad } from './machine';
import { measureLine, measureOpening, measureSingle } from './measure-one';
import { measureSeveral } from './measure-several';
import { measureSightings } from './measure-sightings';
import { writePage } from './page';
import { FLOORS, FULL, KEEPERS, QUICK, type Plan } from './plan';
import { ratiosOf } from './ratios';
import type { Measurements } from './results';
import type { WorkerProgram } from './run-worker';
import { ADDED_MS, buildSlowFlush } from './slow-flush';

/** No part is begun after this, so that all of it stays within some ten minutes. */
const LIMIT_MS = 9 * 60_000;

/**
 * Measures the ledger beside its alternatives, prints the figures, and writes page and chart: into docs/, or with `--quick`,
 * whose figures are rough, into .tmp/bench/.
 * @returns whether every figure that the ledger is to hold was measured and holds
 */
export async function benchLedger(args: readonly string[]): Promise<boolean> {
  const quick = args.includes('--quick');
  const folder = new BenchFolder();
  const begun = Date.now();
  const loadBefore = presentLoad();
  try {
    await folder.prepare();
    const measured = await measure(folder, quick ? QUICK : FULL);
    const facts = [
      ...describeMachine(folder.path),
      `Load average ${loadBefore} at the start and ${presentLoad()} at the end; ${new Date(begun).toISOString().slice(0, 10)}, ${Math.round((Date.now() - begun) / 1000)} s in all`,
    ];
    const held = judge(measured);
    const page = writePage(measured, facts, held, ratiosOf(measured));
    const pagePath = quick ? join(root, '.tmp', 'bench', 'ledger.md') : join(root, 'docs', 'benchmarks', 'ledger.md');
    const chartPath = quick
      ? join(root, '.tmp', 'bench', 'ledger.svg')
      : join(root, 'docs', 'images', 'ledger-bench.svg');
    write(pagePath, await format(page, { ...(await resolveConfig(pagePath)), parser: 'markdown' }));
    write(chartPath, drawCharts(measured));
    console.log(page);
    console.log(`Written: ${pagePath}\n         ${chartPath}`);
    return held.every(({ holds }) => holds);
  } finally {
    folder.remove();
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function measure(folder: BenchFolder, plan: Plan): Promise<Measurements> {
  const measured: Measurements = { lineBytes: 0, openings: [], singles: [], several: [], sightings: [], notes: [] };
  folder.lineBytes = await measureLine(folder);
  measured.lineBytes = folder.lineBytes;
  const slow = buildSlowFlush(folder.path);
  if ('missing' in slow)
    measured.notes.push(`With ${ADDED_MS} ms added to each flush nothing was measured: ${slow.missing}`);
  const programs: [slow: boolean, WorkerProgram][] = [[false, { file: folder.worker, env: {} }]];
  if ('env' in slow) programs.push([true, { file: folder.worker, env: slow.env }]);

  const deadline = Date.now() + LIMIT_MS;
  /** What has no time left is noted as not measured. */
  const part = async (name: string, slow: boolean, work: () => Promise<void>): Promise<void> => {
    const title = slow ? `${name}, +${ADDED_MS} ms a flush` : name;
    console.log(`- ${title} (load ${presentLoad()})`);
    if (Date.now() < deadline) await work();
    else measured.notes.push(`${title}: the ${LIMIT_MS / 60_000} minutes for all of it were over`);
  };
  const oneProcess = async (items: number): Promise<void> => {
    await part(`${items} items: opening`, false, () => measureOpening(folder, plan, items, measured));
    for (const [slow, program] of programs) {
      await part(`${items} items: commits of one process`, slow, () =>
        measureSingle(folder, program, plan, items, slow, measured),
      );
    }
  };

  // What takes longest comes last.
  const last = plan.sizes.at(-1) ?? 0;
  for (const items of plan.sizes.slice(0, -1)) await oneProcess(items);
  for (const [slow, program] of programs) {
    for (const processes of plan.processes) {
      for (const store of [...FLOORS, ...KEEPERS]) {
        await part(`${processes} processes, ${store}`, slow, () =>
          measureSeveral(folder, program, plan, { store, processes, slow }, measured),
        );
      }
    }
    for (const store of KEEPERS) {
      await part(`another window, ${store}`, slow, () =>
        measureSightings(folder, program, plan, store, slow, measured),
      );
    }
  }
  await oneProcess(last);
  return measured;
}
