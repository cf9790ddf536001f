import { CleanRequest, type CleanResult } from '../../../runner-host/protocol/merge-clean';
import { shellWords } from '../../artifacts/shell-words';
import { artifactsFolder } from '../artifacts-folder';
import type { ProjectConfig } from '../../config/project-config';
import { releaseLease, takeLease, type Lease } from '../../ledger/lease';
import type { LedgerReads } from '../../ledger/ledger';
import type { ItemRow } from '../../ledger/rows';
import type { PipelinePorts } from '../context';
import { writeNote } from '../item-note';
import type { Reason } from '../outcome';
import { unknownItem } from '../person-commands';
import { lastMerged } from './last-merge';

export interface CleanCommand {
  item: string;
  actor: string;
  /** Only says what would be removed. */
  dryRun: boolean;
}

export type CleanOutcome =
  /** `bringBack`: the commands that bring branch and worktree back; empty without a backup. */
  | { ok: true; item: ItemRow; text: string; clean: CleanResult; bringBack: string[] }
  /** `clean`: null where the runner host was not even asked. */
  | { ok: false; reason: Reason; clean: CleanResult | null };

type Ports = Pick<PipelinePorts, 'ledger' | 'host' | 'identity' | 'clock' | 'repository'>;

/** What a clean-up is called in an item's history. */
const CLEANED = 'cleaned-up';

/**
 * Removes worktree and branch of an item that is done, if the runner host finds proof that nothing is lost: it looks, and it removes; that
 * the item is done, and where it landed, is the ledger's word. Recorded in the item's history once all is gone, with the proof. Safe to repeat.
 */
export async function cleanItem(ports: Ports, config: ProjectConfig, command: CleanCommand): Promise<CleanOutcome> {
  const { ledger, identity } = ports;
  await ledger.refresh();
  const known = ledger.read.item(command.item);
  const refused = known ? whyNot(known) : unknownItem(command.item);
  if (refused) return { ok: false, reason: refused, clean: null };
  const taken = await takeLease(ledger, command.item, identity, command.actor);
  if (!taken.ok) {
    const { actor, pid, host } = taken.owner;
    const text = `${actor} has the lease of ${command.item} (process ${pid} on ${host}, ${taken.liveness})`;
    return refuse('lease-held', text, `interlock why ${command.item}`);
  }
  try {
    const item = ledger.read.item(command.item);
    const changed = item ? whyNot(item) : unknownItem(command.item);
    if (!item || changed) return { ok: false, reason: changed ?? unknownItem(command.item), clean: null };
    return await clean(ports, config, item, taken.lease, command);
  } finally {
    await releaseLease(ledger, taken.lease);
  }
}

function whyNot({ id, stage, condition }: ItemRow): Reason | undefined {
  if (condition === 'done') return undefined;
  return {
    code: 'not-done',
    text: `${id} is not done: it stands at ${stage}, ${condition}`,
    remedy: `interlock why ${id} says what is missing; its branch and worktree are kept until then`,
  };
}

async function clean(
  ports: Ports,
  config: ProjectConfig,
  item: ItemRow,
  lease: Lease,
  { actor, dryRun }: CleanCommand,
): Promise<CleanOutcome> {
  const { ledger, host, repository } = ports;
  const request = cleanRequest(config, ledger.read, item, repository.commonDir, !dryRun);
  const result = await host.request('merge/clean', request);
  if (result.state === 'refused') return { ok: false, reason: reasonOf(item, result), clean: result };
  const text = cleanedText(result);
  const facts = { text, clean: result, bringBack: dryRun ? [] : bringBack(item, result) };
  if (dryRun || result.state === 'removable') return { ok: true, item, ...facts };
  // A call that was killed before it came to this has removed all, and left the backup.
  const recorded = (await ledger.history(item.id)).some(({ outcome }) => outcome === CLEANED);
  const nothing = result.worktree === null && result.branch === null;
  if (nothing && (recorded || result.backup === null)) return { ok: true, item, ...facts };
  const noted = await writeNote(ports, lease, { outcome: CLEANED, text, actor });
  if (!noted.ok) return { ok: false, reason: noted.reason, clean: result };
  return { ok: true, item: noted.item, ...facts };
}

function cleanRequest(
  config: ProjectConfig,
  read: LedgerReads,
  item: ItemRow,
  repository: string,
  remove: boolean,
): CleanRequest {
  const landing = read.landings(item.id).find(({ base }) => base === item.base);
  const merged = landing && lastMerged(read, item.id);
  return CleanRequest.parse({
    repository,
    remote: config.remote,
    base: item.base,
    item: item.id,
    branch: item.branch,
    worktree: item.worktree,
    fork: item.base_commit,
    landing: landing
      ? {
          commit: landing.commit_id,
          tree: landing.tree === '' ? null : landing.tree,
          head: merged?.run === landing.run ? merged.merged.head : null,
        }
      : null,
    generated: [...(config.merge?.generated ?? []), ...(config.test?.report ? [config.test.report.path] : [])],
    reports: [`${artifactsFolder(config, item.id)}/**`],
    remove,
  } satisfies CleanRequest);
}

function reasonOf({ id }: ItemRow, { obstacles }: CleanResult): Reason {
  const [first] = obstacles;
  return {
    code: first?.code ?? 'not-checked',
    text: `${id} is not cleaned up: ${obstacles.map(({ text }) => text).join('; ')}`,
    remedy: [...new Set(obstacles.map(({ remedy }) => remedy))].join('; '),
  };
}

/** What goes or has gone, and how it is known that nothing is lost. */
function cleanedText({ state, worktree, branch, backup, proof }: CleanResult): string {
  const things = [worktree && `worktree ${worktree}`, branch && `branch ${branch}`].filter(Boolean).join(' and ');
  if (things === '') return backup ? `nothing is left; ${backup.ref} keeps ${backup.commit}` : 'nothing is left';
  const why = proof ? `: ${proof}` : '';
  return state === 'removed'
    ? `removed ${things}${why}${backup ? `; ${backup.ref} keeps ${backup.commit}` : ''}`
    : `would remove ${things}${why}`;
}

function bringBack(item: Pick<ItemRow, 'branch' | 'worktree'>, { backup }: CleanResult): string[] {
  if (backup === null) return [];
  return [
    shellWords(['git', 'branch', item.branch, backup.ref]),
    shellWords(['git', 'worktree', 'add', item.worktree, item.branch]),
  ];
}

function refuse(code: string, text: string, remedy: string): CleanOutcome & { ok: false } {
  return { ok: false, reason: { code, text, remedy }, clean: null };
}
