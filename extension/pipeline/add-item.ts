import type { ProjectConfig, LoadedConfig } from '../config/project-config';
import type { ItemRow, TransitionRow } from '../ledger/rows';
import type { PipelinePorts } from './context';
import type { CommandOutcome } from './person-commands';
import type { Reason } from './outcome';
import { awaiting } from './transition';

const ID = /^[A-Za-z][A-Za-z0-9._-]{0,62}[A-Za-z0-9]$/;

export interface AddCommand {
  title: string;
  id?: string | undefined;
  branch?: string | undefined;
  stage?: string | undefined;
  actor: string;
  /** Absolute folder that worktrees are made in. */
  worktrees: string;
}

/**
 * Makes branch and worktree where they are missing, then the ledger's row; an existing branch is taken as it is. Repeating it
 * after a crash goes on where it stopped.
 */
export async function addItem(
  ports: PipelinePorts,
  loaded: LoadedConfig,
  command: AddCommand,
): Promise<CommandOutcome> {
  const { ledger, git, clock } = ports;
  await ledger.refresh();
  const title = command.title.trim();
  if (title === '' || /[\r\n]/.test(title)) {
    return refuse('bad-title', 'the title must be one line of text', 'interlock add "What is to be done"');
  }
  const id = command.id ?? nextId(ledger.read.items());
  const problem = idProblem(id, ledger.read.items());
  if (problem) return { ok: false, reason: problem };
  const stage = command.stage ?? loaded.config.stages[0];
  const known = loaded.config.stages.find((name) => name === stage);
  if (!known || known === 'done') {
    return refuse(
      'unknown-stage',
      `this project has no stage "${stage}" to start at`,
      `Stages: ${loaded.config.stages.join(', ')}`,
    );
  }
  const branch = command.branch ?? `work/${id}`;
  const existing = await git.commitOf(`refs/heads/${branch}`);
  const fork = existing === null ? loaded.base.commit : await git.mergeBase(loaded.base.commit, existing);
  if (fork === null) {
    return refuse(
      'unrelated-branch',
      `${branch} and ${loaded.base.branch} have no common history`,
      'Choose another branch.',
    );
  }
  const worktree = joinPath(command.worktrees, id);
  await git.addWorktree(worktree, branch, loaded.base.commit);
  const now = clock.now();
  const row = itemRow({ id, title, branch, worktree, stage: known, fork, now }, loaded.config);
  const first: TransitionRow = {
    id: `${id}#1`,
    item: id,
    rev: 1,
    at: now,
    actor: command.actor,
    from_stage: '',
    to_stage: known,
    outcome: 'added',
    verdict: null,
    run: null,
    reason_code: row.reason_code,
    reason: row.reason,
  };
  const written = await ledger.commit({
    actor: command.actor,
    event: 'add',
    pre: [['items', id, null]],
    put: [
      ['items', row],
      ['transitions', first],
    ],
  });
  if (!written.ok) return refuse('id-taken', `${id} was added by somebody else just now`, 'Choose another id.');
  return { ok: true, item: row, text: `${id} is at ${known}, on ${branch} in ${worktree}` };
}

function itemRow(
  facts: { id: string; title: string; branch: string; worktree: string; stage: string; fork: string; now: number },
  config: ProjectConfig,
): ItemRow {
  const { id, title, branch, worktree, stage, fork, now } = facts;
  const wait = awaiting({ id, branch, base: config.base }, stage, config);
  return {
    id,
    title,
    branch,
    worktree,
    base: config.base,
    base_commit: fork,
    stage,
    rev: 1,
    created_at: now,
    developer_retries: 0,
    infra_retries: 0,
    condition: wait.condition,
    reason_code: 'added',
    reason: `added at ${stage}`,
    since: now,
    turn: wait.turn,
    next_action: wait.nextAction,
    next_at: null,
  };
}

/** `ITEM-1`, `ITEM-2`, ...: one more than the highest number in use. */
function nextId(items: readonly ItemRow[]): string {
  const numbers = items.map((item) => Number(/^ITEM-(\d+)$/.exec(item.id)?.[1] ?? 0));
  return `ITEM-${Math.max(0, ...numbers) + 1}`;
}

function idProblem(id: string, items: readonly ItemRow[]): Reason | undefined {
  if (!ID.test(id) || id.includes('..') || id.endsWith('.lock')) {
    return {
      code: 'bad-id',
      text: `"${id}" cannot be an id: 2 to 64 letters, digits, dots, dashes and underscores, with a letter first`,
      remedy: 'For example: --id DEMO-1',
    };
  }
  const twin = items.find((item) => item.id.toLowerCase() === id.toLowerCase());
  if (!twin) return undefined;
  return {
    code: 'id-taken',
    text: `there is a work item ${twin.id} already: "${twin.title}"`,
    remedy: 'Choose another id.',
  };
}

const joinPath = (folder: string, name: string): string => `${folder.replace(/[\\/]+$/, '')}/${name}`;

const refuse = (code: string, text: string, remedy: string): CommandOutcome => ({
  ok: false,
  reason: { code, text, remedy },
});
