import type { AdvanceContext } from './context';
import { checkLanded } from './gates/check-landed';
import { GitError } from '../git/git-error';
import { artifactsFolder } from './artifacts-folder';
import { reservationsOf } from './merge/reservations-of';
import type { AdvanceReport } from './outcome';
import type { ItemEvent } from './transition';
import { nothingWritten, recordAndReport, refuseVisibly } from './record';

/**
 * Stage `merge` where a person lands the branch: asks the remote whether the tested changes are there. The tested commit
 * is the one of the last PASS; a branch that has moved since is refused, whatever has landed.
 */
export async function advanceLanding(context: AdvanceContext): Promise<AdvanceReport> {
  const { item, ports, loaded } = context;
  const { git, ledger } = ports;
  const { remote, base } = loaded.config;
  const folder = artifactsFolder(loaded.config, item.id);
  const tip = await git.commitOf(`refs/heads/${item.branch}`);
  const tested = ledger.read
    .verdicts(item.id)
    .find((verdict) => verdict.stage === 'testing' && verdict.verdict === 'PASS');
  const needsTest = loaded.config.stages.includes('testing');
  if (needsTest && (!tested || (tip !== null && (await git.treeWithout(tip, folder)) !== tested.tree))) {
    return refuseVisibly(context, {
      code: 'forged-or-stale',
      text: tested
        ? `${item.branch} is no longer at the tested tree ${tested.tree.slice(0, 8)}`
        : `the ledger holds no PASS verdict for ${item.id}`,
      remedy: `interlock send-back ${item.id}, then test it again`,
    });
  }
  const head = tested?.head ?? tip;
  if (head === null) {
    return refuseVisibly(context, {
      code: 'branch-missing',
      text: `there is no branch ${item.branch}, so nothing says what should have landed`,
      remedy: `Bring it back (git branch ${item.branch} <commit>), or interlock send-back ${item.id}`,
    });
  }
  const target = remote === '' ? await git.commitOf(`refs/heads/${base}`) : await fetchTarget(context, remote, base);
  if (typeof target === 'object' && target !== null) return recordAndReport(context, target);
  if (target === null) {
    const reason = {
      code: 'base-missing',
      text: `there is no branch ${base}`,
      remedy: 'Correct "base" in interlock.json',
    };
    return recordAndReport(context, { type: 'permanent', run: null, reason });
  }
  const answer = checkLanded({
    item: item.id,
    branch: item.branch,
    base,
    remote,
    target,
    head,
    changes: await git.containsChanges(target, item.base_commit, head, folder),
    headIsAncestor: await git.isAncestor(head, target),
  });
  if (answer.open) {
    const along = { del: reservationsOf(ledger.read, item.id) };
    return recordAndReport(context, { type: 'pass', verdict: null, run: null, reason: answer.reason }, {}, along);
  }
  if (answer.reason.code !== 'not-landed')
    return recordAndReport(context, { type: 'permanent', run: null, reason: answer.reason });
  if (item.condition === 'waiting' && item.reason_code === 'not-landed')
    return nothingWritten(item, 'waiting', answer.reason);
  return recordAndReport(context, { type: 'wait', reason: answer.reason });
}

/** The remote's commit, or what its silence does to the item: a network's fault is never the item's. */
async function fetchTarget(context: AdvanceContext, remote: string, base: string): Promise<string | ItemEvent> {
  try {
    return await context.ports.git.fetchBase(remote, base);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const reason = { code: error.code, text: `${remote} could not be asked: ${error.detail}`, remedy: error.remedy };
    const lasting = error.code === 'no-such-remote' || error.code === 'no-such-branch';
    return { type: lasting ? 'permanent' : 'transient', run: null, reason };
  }
}
