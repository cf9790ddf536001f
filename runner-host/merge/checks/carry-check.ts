import { Budget } from './budget';
import { CHECK_LIMITS, type CheckLimits } from './check-limits';
import type { Finding } from './finding';
import { surplusLines } from './expected-lines';
import { matcher } from './glob';
import { judgePath } from './judge-path';
import { misfiled } from './misfiled';
import { MovePool } from './move-pool';
import { readVersions, type PathWork } from './path-versions';
import { suspects, type Leg } from './suspects';
import type { BytePath, Trees } from './trees';

export interface CarryInput {
  /** The recorded fork point. */
  base: string;
  main: string;
  /** The item's head before any conflict bounce. */
  item: string;
  /** The candidate: a commit or a tree. */
  result: string;
}

export interface CarryOptions {
  generated: readonly string[];
  changelog: BytePath | undefined;
  limits?: Partial<CheckLimits>;
}

export interface CarryResult {
  findings: Finding[];
  /** Paths that differ and that a `generated` glob keeps out. */
  notChecked: BytePath[];
}

/** Paths; more would hold more in memory than the bound of bytes allows. */
const READ_AT_ONCE = 8;

interface LegContext {
  isGenerated(path: BytePath): boolean;
  changelog: BytePath | undefined;
  budget: Budget;
}

/** Looks for work of either side that the result does not have. Throws `GitFailure`: then nothing is known. */
export async function carryCheck(trees: Trees, input: CarryInput, options: CarryOptions): Promise<CarryResult> {
  const context: LegContext = {
    isGenerated: matcher(options.generated),
    changelog: options.changelog,
    budget: new Budget({ ...CHECK_LIMITS, ...options.limits }),
  };
  const taken = await takenFromMain(trees, input);
  if (taken === undefined) return checkLeg(trees, input, false, context);
  // The item has merged or was rebased onto a later main by itself: first, whether it lost anything of what main had
  // gained until then; second, whether the candidate lost anything since.
  const { base, main, item, result } = input;
  const first = await checkLeg(trees, { base, main: taken, item, result: item }, true, context);
  const second = await checkLeg(trees, { base: taken, main, item, result }, false, context);
  return {
    findings: [...first.findings, ...second.findings],
    notChecked: [...new Set([...first.notChecked, ...second.notChecked])],
  };
}

/** The commit of main that the item has in it, where that is a later one than the fork point. */
async function takenFromMain(trees: Trees, { base, main, item }: CarryInput): Promise<string | undefined> {
  const [taken, ...others] = await trees.mergeBases(main, item);
  if (taken === undefined || others.length > 0 || taken === base) return undefined;
  // The item stands in main's history as a whole: only its content can say whether it is still there.
  if (await trees.isAncestor(item, main)) return undefined;
  return (await trees.isAncestor(base, taken)) ? taken : undefined;
}

async function checkLeg(trees: Trees, leg: Leg, integrated: boolean, context: LegContext): Promise<CarryResult> {
  const { changelog, budget } = context;
  const findings =
    changelog === undefined || context.isGenerated(changelog) ? [] : await misfiled(trees, leg, changelog, budget);
  const pristine = await trees.merge(leg.base, leg.main, leg.item);
  if (pristine.conflicts.length === 0 && pristine.tree === (await trees.tree(leg.result)))
    return { findings, notChecked: [] };
  const all = await suspects(trees, leg, pristine);
  const checked = all.filter(({ path }) => !context.isGenerated(path));
  const works: PathWork[] = [];
  for (let at = 0; at < checked.length; at += READ_AT_ONCE) {
    const some = checked.slice(at, at + READ_AT_ONCE).map((entries) => readVersions(trees, entries, budget));
    works.push(...(await Promise.all(some)));
  }
  const pool = new MovePool();
  for (const work of works) if (work.content === 'text') pool.add(work.path, surplusLines(work, work.text));
  for (const work of works) {
    findings.push(...judgePath(work, { pool, budget, changelog: work.path === changelog, integrated }));
  }
  return { findings, notChecked: all.map(({ path }) => path).filter((path) => context.isGenerated(path)) };
}
