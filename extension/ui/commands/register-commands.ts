import * as vscode from 'vscode';
import * as messages from '../messages';
import { acknowledgeFindings } from './acknowledge-findings';
import { addItem } from './add-item';
import { advance } from './advance';
import type { CommandWorld } from './command-world';
import { cancelRun, hold, release, sendBack } from './decisions';
import { hostStatus, verifyLedger } from './ledger-and-host';
import { copyId, openConfiguration, openReport, openWorktree } from './open';
import { releaseLease } from './release-lease';
import { proveGate } from './prove-gate';
import { showLog } from './show-log';
import { tellError } from './tell';
import { why } from './why';

type Handler = (world: CommandWorld, argument: unknown) => Promise<void> | void;

/** Commands that start processes or read the repository: refused in an untrusted workspace, whatever the menus show. */
const COMMANDS: Readonly<Record<string, Handler>> = {
  advanceStage: advance,
  addWorkItem: addItem,
  initialize: async (world) => (await import('../on-demand')).initialize(world),
  openReport,
  hold,
  release,
  acknowledgeFindings,
  sendBack,
  cancelRun,
  releaseLease,
  why,
  openWorktree,
  openConfiguration,
  showLog,
  copyId,
  proveGate,
  verifyLedger,
  hostStatus,
  checkStagingHost: async (world, argument) => (await import('../on-demand')).checkStagingHost(world, argument),
  waiveFinding: async (world, argument) => (await import('../on-demand')).waiveFinding(world, argument),
  renumber: async (world, argument) => (await import('../on-demand')).renumber(world, argument),
  reserveNumber: async (world, argument) => (await import('../on-demand')).reserveNumber(world, argument),
  cleanUpItem: async (world, argument) => (await import('../on-demand')).cleanUpItem(world, argument),
  unfreezeQueue: async (world, argument) => (await import('../on-demand')).unfreezeQueue(world, argument),
  verifyCommit: async (world, argument) => (await import('../on-demand')).verifyCommit(world, argument),
  forgetStagingSecrets: async (world) => (await import('../on-demand')).forgetStagingSecrets(world),
  refresh: async ({ repositories, tree, runners }) => {
    await repositories.sync();
    await repositories.reloadConfig();
    tree.refresh();
    runners.refresh();
  },
  showMore: ({ tree }, argument) => {
    const repository =
      typeof argument === 'object' && argument !== null && 'repository' in argument ? argument.repository : '';
    if (typeof repository === 'string') tree.showMore(repository);
  },
};

/** Registers every command; each says what went wrong itself, so that no error is lost in VS Code's log. */
export function registerCommands(world: CommandWorld): vscode.Disposable {
  const guarded = Object.entries(COMMANDS).map(([name, handler]) =>
    vscode.commands.registerCommand(`interlock.${name}`, async (argument: unknown) => {
      if (!vscode.workspace.isTrusted) {
        void vscode.window.showWarningMessage(messages.untrusted());
        return;
      }
      try {
        await handler(world, argument);
      } catch (error) {
        tellError(world, error);
      }
    }),
  );
  const silence = vscode.commands.registerCommand('interlock.silence', () =>
    vscode.workspace.getConfiguration('interlock').update('notifications', 'off', vscode.ConfigurationTarget.Global),
  );
  const showOutput = vscode.commands.registerCommand('interlock.showOutput', () => world.log.show());
  return vscode.Disposable.from(...guarded, silence, showOutput);
}
