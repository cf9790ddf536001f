import { MergeRunSpec, type MergeCommand, type MergeItem, type MergeProof } from '../../../runner-host/protocol/merge';
import { sha256 } from '../../artifacts/hash';
import { artifactsFolder } from '../artifacts-folder';
import type { MergeConfig, ProjectConfig, TestConfig } from '../../config/project-config';
import type { LedgerReads } from '../../ledger/ledger';
import type { ItemRow } from '../../ledger/rows';

/** How often a lost race for base is rebuilt and tested again. */
const MOVES = 6;
const GRACE_MS = 3_000;

export interface SpecFacts {
  run: string;
  /** The folder that all worktrees share: runs of one repository wait for each other by it. */
  repository: string;
  /** In the order of landing; each with the tip of its branch. */
  items: readonly { row: ItemRow; head: string }[];
  proven: MergeProof[];
}

/** What the gate is asked to do: from base's configuration and the ledger's rows alone. */
export function mergeRunSpec(
  config: ProjectConfig,
  merge: MergeConfig,
  read: Pick<LedgerReads, 'anchor' | 'waivers' | 'reservations' | 'ratchet'>,
  { run, repository, items, proven }: SpecFacts,
): MergeRunSpec {
  const [first] = items;
  if (!first) throw new RangeError('a landing has at least one item');
  const test = config.test && testCommand(config.test, merge);
  const floor = read.ratchet(config.base);
  return MergeRunSpec.parse({
    kind: 'merge',
    run,
    item: first.row.id,
    repository,
    remote: config.remote,
    base: config.base,
    items: items.map(({ row, head }) => mergeItem(read, row, head)),
    style: merge.style,
    test,
    testKey: testKey(test),
    proven: merge.retest === 'always' ? [] : proven,
    testsIgnoreHistory: merge.testsIgnoreHistory,
    redOnBase: config.test?.redOnBase ?? false,
    packagesFrom: first.row.worktree,
    security: merge.security && securityCommand(merge.security, config.test),
    coverage: merge.coverage && {
      ...merge.coverage,
      floor: floor ? { covered: floor.covered, total: floor.total } : null,
    },
    numbered: merge.numbered,
    reserved: read.reservations().map(({ series, number, item }) => ({ series, number, item })),
    // Interlock's own reports change with each run; the ledger holds them.
    generated: [...merge.generated, ...items.map(({ row }) => `${artifactsFolder(config, row.id)}/**`)],
    changelog: merge.changelog,
    submodules: merge.submodules,
    moves: MOVES,
    receipt: true,
    cleanup: { remoteBranch: true, localBranch: false, worktrees: false },
  } satisfies MergeRunSpec);
}

function mergeItem(read: Pick<LedgerReads, 'anchor' | 'waivers'>, row: ItemRow, head: string): MergeItem {
  const anchor = read.anchor(row.id);
  return {
    item: row.id,
    title: row.title,
    branch: row.branch,
    head,
    fork: row.base_commit,
    anchors: anchor ? [anchor.head] : [],
    waivers: read
      .waivers(row.id)
      .map(({ path, line_hash: lineHash, actor: by, reason }) => ({ path, lineHash, by, reason })),
  };
}

function testCommand(test: TestConfig, merge: Pick<MergeConfig, 'timeoutMs'>): MergeCommand {
  const { command, cwd, timeoutMs, graceMs, env, passEnv, report, network, smoke } = test;
  return {
    command,
    cwd,
    timeoutMs: merge.timeoutMs ?? timeoutMs,
    graceMs,
    env,
    passEnv,
    report,
    network,
    ...(smoke.length > 0 ? { smoke } : {}),
  };
}

function securityCommand(
  { command, timeoutMs }: NonNullable<MergeConfig['security']>,
  test: TestConfig | null,
): MergeCommand {
  return {
    command,
    cwd: '.',
    timeoutMs,
    graceMs: test?.graceMs ?? GRACE_MS,
    env: test?.env ?? {},
    passEnv: test?.passEnv ?? [],
    report: null,
    ...(test ? { network: test.network } : {}),
  };
}

/** What a PASS is bound to besides the commit: all of the command but how long it may take. */
export function testKey(command: MergeCommand | null): string {
  if (command === null) return 'none';
  const { timeoutMs: _, graceMs: _grace, ...rest } = command;
  return sha256(JSON.stringify(rest, Object.keys(rest).sort()));
}
