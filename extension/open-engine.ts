import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { loadConfig } from './config/load-config';
import { ConfigError } from './config/config-error';
import type { ConfigReading, LoadedConfig } from './config/project-config';
import type { Engine, Repository } from './engine';
import { createGit } from './git/create-git';
import { openRepository } from './git/open-repository';
import { createHost } from './host/create-host';
import { followLog } from './host/follow-log';
import { nameStore } from './host/name-store';
import { runFiles } from './host/run-files';
import { processIdentity } from './ledger/identity';
import { openLedger, type SqlJsLoader } from './ledger/open-ledger';
import { addItem } from './pipeline/add-item';
import { advance, type AdvanceCommand } from './pipeline/advance';
import { cancelRun } from './pipeline/cancel-run';
import type { PipelinePorts } from './pipeline/context';
import { cleanItem } from './pipeline/merge/clean-item';
import { queueOwner, releaseQueueLease } from './pipeline/merge/queue-lease';
import { queueView, unfreeze } from './pipeline/merge/queue-view';
import { renumberItem } from './pipeline/merge/renumber';
import { reserveOnArrival } from './pipeline/merge/reserve-for-stage';
import { reserveNumber } from './pipeline/merge/reserve-number';
import { waiveFinding } from './pipeline/merge/waive';
import type { AdvanceReport } from './pipeline/outcome';
import { acknowledgeFindings } from './pipeline/findings/acknowledge-findings';
import { holdItem, releaseItem, sendBackItem, type CommandOutcome } from './pipeline/person-commands';
import { findUnfinished, reclaimLeases } from './pipeline/reconcile';
import { leaseOwner, releaseItemLease } from './pipeline/release-lease';
import { seeAlerts } from './pipeline/see-alerts';
import { proveGate } from './pipeline/prove/prove-gate';
import { readRunReport } from './pipeline/run-report';
import { checkStaging, giveStagingSecret, trustStagingHost } from './pipeline/staging/check-staging';
import { explain } from './pipeline/why';

export interface EngineOptions {
  /** Any folder of the repository: a sub-folder or another worktree lead to the same engine. */
  cwd: string;
  /** Path of the bundled runner host. */
  hostEntry: string;
  /** The Node (or Electron) that runs it. */
  execPath: string;
  sqlJs: SqlJsLoader;
  /** Shown by `host status`: `vscode`, `cli`. */
  clientName: string;
  /** Runs at once of a runner host that this engine starts; null: half the cores. */
  concurrency: number | null;
  log(line: string): void;
}

/**
 * Opens the deciding side of the repository around `cwd`: ledger now, runner host when it is first needed.
 * @throws GitError (no repository, no commits, git missing or too old), LedgerError (damaged beyond reading)
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const repository = await openRepository(options.cwd);
  const git = createGit(repository);
  const ledger = await openLedger({ directory: `${repository.stateDir}/ledger`, sqlJs: options.sqlJs });
  const host = createHost({
    stateDir: repository.stateDir,
    hostEntry: options.hostEntry,
    execPath: options.execPath,
    clientName: options.clientName,
    hostArgs: options.concurrency === null ? [] : ['--concurrency', String(options.concurrency)],
    log: options.log,
  });
  const ports: PipelinePorts = {
    ledger,
    host,
    git,
    names: nameStore(repository.stateDir),
    repository,
    clock: { now: () => Date.now() },
    random: () => Math.random(),
    newRunId: () => `r${Date.now().toString(36).padStart(8, '0')}-${randomBytes(4).toString('hex')}`,
    identity: await processIdentity(),
  };
  const files = runFiles(repository.stateDir);
  const config = (): Promise<ConfigReading> => loadConfig(git, repository);
  const loaded = async (): Promise<LoadedConfig> => {
    const reading = await config();
    if (!reading.ok) throw new ConfigError(reading.problems);
    return reading.loaded;
  };
  const advanceItem = async (command: AdvanceCommand): Promise<AdvanceReport> =>
    advance(ports, await config(), command);

  return {
    repository,
    read: ledger.read,
    get ledgerHealth() {
      return ledger.health;
    },
    onChange: (listener) => ledger.onChange(listener),
    config,
    async add(add) {
      const project = await loaded();
      const added = await addItem(ports, project, { ...add, worktrees: worktreesFolder(repository, project) });
      return reserveOnArrival(ports, project.config, added, add.actor);
    },
    advance: (item, { actor, until, signal, onProgress }) => advanceItem({ item, actor, until, signal, onProgress }),
    hold: async (item, actor, reason) => holdItem(ports, (await loaded()).config, { item, actor, reason }),
    async release(item, actor, reason) {
      const { config: project } = await loaded();
      const released = await releaseItem(ports, project, { item, actor, reason });
      return reserveOnArrival(ports, project, released, actor);
    },
    sendBack: async (item, actor, reason) => sendBackItem(ports, (await loaded()).config, { item, actor, reason }),
    acknowledge: async (item, actor, reason, set) =>
      acknowledgeFindings(ports, (await loaded()).config, { item, actor, reason, set }),
    queue: async (base) => queueView(ports, base ?? (await loaded()).config.base),
    unfreeze: (actor, reason, base) => unfreeze(ports, { actor, reason, base }),
    clean: async (item, actor, dryRun) => cleanItem(ports, (await loaded()).config, { item, actor, dryRun }),
    waive: (item, actor, reason, finding) => waiveFinding(ports, { item, actor, reason, finding }),
    renumber: (item, actor) => renumberItem(ports, { item, actor }),
    reserve: async (item, series, actor) => reserveNumber(ports, (await loaded()).config, { item, series, actor }),
    async verifyCommit(commit) {
      const { remote, base } = (await loaded()).config;
      return host.request('merge/verify', { repository: repository.commonDir, remote, base, commit });
    },
    cancel: (item, actor, reason) => cancelAndSettle(ports, advanceItem, { item, actor, reason }),
    leaseOwner: (item) => leaseOwner(ports, item),
    releaseLease: (item, options) => releaseItemLease(ports, { item, ...options }),
    queueOwner: (base) => queueOwner(ports, base),
    releaseQueueLease: (options) => releaseQueueLease(ports, options),
    seeAlerts: (alerts, actor) => seeAlerts(ports, alerts, actor),
    why: (item) => explain(ports, item),
    history: (item) => ledger.history(item),
    acts: (item) => ledger.acts(item),
    report: (item, run) => readRunReport(ports, files, item, run),
    follow: (run, from, on) => followLog({ ledger, host, files }, run, from, on),
    prove: async (command) =>
      proveGate(ports, await loaded(), { root: repository.root, list: (commit) => git.listFiles(commit) }, command),
    async verify() {
      return ledger.verify();
    },
    checkStaging: async () => checkStaging(host, await loaded()),
    giveStagingSecret: async (secret) => giveStagingSecret(host, await loaded(), secret),
    trustStagingHost: async (fingerprint) => trustStagingHost(host, await loaded(), fingerprint),
    async hostStatus() {
      const running = await host.probe();
      return running ? running.request('host/status', {}) : null;
    },
    async hostDrain(cancel) {
      const running = await host.probe();
      if (running) await running.request('host/drain', { cancel });
      return running !== null;
    },
    async reconcile({ onProgress, signal }) {
      const reports: AdvanceReport[] = [];
      const unfinished = await findUnfinished(ports);
      await reclaimLeases(ports, unfinished);
      await Promise.all(
        unfinished.map(async (found) => {
          reports.push(await advanceItem({ ...found, onProgress, signal }));
        }),
      );
      return reports;
    },
    async close() {
      await host.close();
      await ledger.close();
    },
  };
}

function worktreesFolder(repository: Repository, { config }: LoadedConfig): string {
  return resolve(repository.root, config.worktrees.replaceAll('${repo}', repository.name));
}

/** Stops the run; if nobody waits for it any more, settles it here. */
async function cancelAndSettle(
  ports: PipelinePorts,
  advanceItem: (command: AdvanceCommand) => Promise<AdvanceReport>,
  command: { item: string; actor: string; reason: string },
): Promise<CommandOutcome> {
  const cancelled = await cancelRun(ports, command);
  if (!cancelled.ok) return cancelled;
  const unfinished = await findUnfinished(ports);
  if (unfinished.some((found) => found.item === command.item))
    await advanceItem({ item: command.item, actor: command.actor });
  return cancelled;
}
