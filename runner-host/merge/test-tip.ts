import type { LineCoverage } from './coverage/coverage-reading';
import { fellBelow, readCoverage } from './coverage/read-coverage';
import { commitFacts } from './commit-facts';
import type { Gate, Link } from './gate';
import { infra } from './gate-stop';
import { failsOnBaseToo, redDetail } from './judge-red';
import type { MergeTest } from '../protocol/merge';
import type { MergeOutcome } from '../protocol/merge-outcome';
import { notJudged, runOnCommit, judgeSmoke, type CommandEnd } from './run-command';

export type TipVerdict =
  | { state: 'green' }
  /** `blames`: the outcome says something about the code, so that a batch can be halved for it. */
  | { state: 'closed'; outcome: MergeOutcome; blames: boolean };

/** Tests the stack's last commit, unless there is a proof for it. Throws `GitFailure`, `GateStop`. */
export async function testTip(gate: Gate, links: readonly Link[], base: string): Promise<TipVerdict> {
  const { spec } = gate;
  const [first] = links;
  if (first === undefined) return { state: 'green' };
  const { tip, tipTree } = first;
  const entries = links.map(({ entry }) => entry);
  const note = (test: MergeTest, coverage: LineCoverage | null): void => {
    for (const { seen } of entries) Object.assign(seen, { test, coverage });
  };
  if (spec.test === null) {
    note({ state: 'not-configured' }, null);
    if (spec.coverage === null) return { state: 'green' };
    return unreadable(spec.coverage.path, 'no suite is configured that would write it');
  }
  const proof = proofOf(gate, links);
  if (proof !== null) {
    note({ state: 'proven', commit: tip, tree: tipTree, by: proof.by }, proof.coverage);
    return judgeCoverage(gate, proof.coverage);
  }
  if (spec.coverage !== null && (await isCommitted(gate, tip, spec.coverage.path)))
    return unreadable(spec.coverage.path, 'it is committed, so it says nothing of this run');
  await gate.at('TEST', entries);
  for (const { journal } of entries) await journal.write('TEST');
  const item = links.map(({ entry }) => entry.item.item).join(', ');
  const request = { of: 'test', item, command: spec.test, commit: tip, tree: tipTree } as const;
  const { end, seen: coverage } = await runOnCommit(gate, request, (worktree, { state, result }) =>
    spec.coverage !== null && state === 'green'
      ? readCoverage(worktree, spec.coverage, result.supervision.startedAt)
      : Promise.resolve(null),
  );
  note(end.test, coverage?.state === 'read' ? coverage.lines : null);
  await gate.reach('tested');
  const closed = await judgeEnd(gate, end, links, base);
  if (closed !== null) return closed;
  if (coverage?.state === 'unreadable') return unreadable(spec.coverage?.path ?? '', coverage.reason);
  const lines = coverage?.lines ?? null;
  const verdict = { of: 'test', commit: tip, key: spec.testKey, coverage: lines } as const;
  for (const { journal } of entries) await journal.passed(verdict);
  await gate.reach('verdict');
  return judgeCoverage(gate, lines);
}

async function isCommitted({ trees }: Gate, commit: string, path: string): Promise<boolean> {
  const bytes = Buffer.from(path, 'utf8').toString('latin1');
  const [content] = await trees.readPaths(commit, [bytes.replace(/^\.\//, '')], 1);
  return content?.state !== 'absent';
}

/** Only the same commit is a proof, or the same tree where the project says so; and only if it also says the coverage. */
function proofOf(
  { spec }: Gate,
  links: readonly Link[],
): { by: 'commit' | 'tree' | 'journal'; coverage: LineCoverage | null } | null {
  const { tip, tipTree } = links[0] as Link;
  for (const { entry } of links) {
    const known = entry.journal.verdict('test', tip, spec.testKey);
    if (known !== null && (spec.coverage === null || known.coverage !== null))
      return { by: 'journal', coverage: known.coverage };
  }
  if (spec.coverage !== null) return null;
  const proofs = spec.proven.filter(({ key }) => key === spec.testKey);
  if (proofs.some(({ commit }) => commit === tip)) return { by: 'commit', coverage: null };
  const byTree = spec.testsIgnoreHistory && proofs.some(({ tree }) => tree === tipTree);
  return byTree ? { by: 'tree', coverage: null } : null;
}

async function judgeEnd(gate: Gate, end: CommandEnd, links: readonly Link[], base: string): Promise<TipVerdict | null> {
  const { spec } = gate;
  const { result, state } = end;
  const smoke = judgeSmoke(result);
  if (state === 'green' && smoke.state === 'right') return null;
  if (state === 'green' && smoke.state === 'none')
    return { state: 'closed', blames: false, outcome: infra('command-infra', 'TEST', smoke.detail) };
  if (state === 'timeout' || state === 'infra')
    return { state: 'closed', blames: false, outcome: notJudged(end, 'test', spec.test?.timeoutMs ?? 0) };
  if (state === 'dirty') {
    const changed = result.tree?.changed ?? [];
    const outcome: MergeOutcome = {
      outcome: 'DIRTY',
      changed,
      detail: `the suite changed files of the tree that it tested: ${changed.slice(0, 5).join(', ')}`,
      remedy: 'Let the suite write elsewhere, or into ignored files',
    };
    return { state: 'closed', blames: true, outcome };
  }
  // A batch is halved first: base is asked once the item is found.
  const alone = links.length === 1;
  const asked = alone && spec.redOnBase && state === 'red' ? await askBase(gate, links, base) : null;
  const preExisting = asked === null ? null : failsOnBaseToo(result, asked);
  const outcome: MergeOutcome = {
    outcome: 'RED',
    preExisting,
    base: asked,
    detail: state === 'red' ? redDetail(result) : smoke.detail,
    remedy:
      preExisting === true
        ? 'Base fails in the same way: mend base first'
        : 'The failures are in the run’s report: mend them on the branch',
  };
  return { state: 'closed', blames: true, outcome };
}

async function askBase(gate: Gate, links: readonly Link[], base: string) {
  const { test } = gate.spec;
  const [facts] = await commitFacts(gate.mirror.git, [base]);
  if (test === null || facts === undefined) return null;
  const item = links.map(({ entry }) => entry.item.item).join(', ');
  const request = { of: 'base', item, command: test, commit: base, tree: facts.tree } as const;
  const { end } = await runOnCommit(gate, request, () => Promise.resolve());
  return end.result;
}

function judgeCoverage({ spec: { coverage: rule } }: Gate, lines: LineCoverage | null): TipVerdict {
  if (rule === null) return { state: 'green' };
  if (lines === null) return unreadable(rule.path, 'it was not read');
  if (!fellBelow(lines, rule) || rule.floor === null) return { state: 'green' };
  const percent = ({ covered, total }: LineCoverage): string => `${((covered / total) * 100).toFixed(2)} %`;
  const outcome: MergeOutcome = {
    outcome: 'COVERAGE_DROP',
    ...lines,
    floor: rule.floor,
    maxDrop: rule.maxDrop,
    detail: `line coverage is ${percent(lines)}, base has ${percent(rule.floor)}, and at most ${rule.maxDrop} points may be lost`,
    remedy: 'Test the new lines on the branch',
  };
  return { state: 'closed', outcome, blames: true };
}

function unreadable(path: string, reason: string): TipVerdict {
  const outcome: MergeOutcome = {
    outcome: 'COVERAGE_UNREADABLE',
    path,
    detail: `${path}: ${reason}`,
    remedy: 'Let the suite write the whole report, or correct "merge.coverage" in interlock.json',
  };
  return { state: 'closed', outcome, blames: false };
}
