import * as vscode from 'vscode';
import * as messages from '../messages';
import { VIEW_ID, type CommandWorld } from './command-world';
import { tell } from './tell';

/** Reads every ledger of the window afresh and says whether its hashes and invariants hold. */
export async function verifyLedger(world: CommandWorld): Promise<void> {
  await world.repositories.ready();
  for (const { name, engine } of world.repositories.all) {
    const findings = await vscode.window.withProgress({ location: { viewId: VIEW_ID } }, () => engine.verify());
    for (const { code, where, text } of findings) world.log.error(`${name}: ${code} at ${where}: ${text}`);
    if (findings.length === 0) tell('information', messages.ledgerVerified(name), []);
    else {
      tell('error', messages.ledgerFindings(name, findings.length, findings[0]?.text ?? ''), [
        { title: messages.showOutput(), command: 'interlock.showOutput' },
      ]);
    }
  }
}

/** The runner host of each repository with its runs; choosing a run shows its report. */
export async function hostStatus(world: CommandWorld): Promise<void> {
  await world.repositories.ready();
  const rows: (vscode.QuickPickItem & { argument?: { repository: string; item: string; run: string } })[] = [];
  for (const { key, name, engine } of world.repositories.all) {
    rows.push({ label: name, kind: vscode.QuickPickItemKind.Separator });
    const status = await engine.hostStatus();
    if (!status) {
      rows.push({ label: `$(circle-slash) ${messages.noHost()}`, detail: messages.noHostDetail() });
      continue;
    }
    rows.push({
      label: `$(server-process) ${messages.hostLine(status.identity.pid, status.runs.length)}`,
      detail: messages.hostDetail(status, Date.now()),
    });
    for (const run of status.runs) {
      rows.push({
        label: `$(play-circle) ${run.item}`,
        description: run.run,
        detail: messages.hostRun(run.state, run.position, run.outputBytes),
        argument: { repository: key, item: run.item, run: run.run },
      });
    }
  }
  const chosen = await vscode.window.showQuickPick(rows, { placeHolder: messages.hostHeading() });
  if (chosen?.argument) await vscode.commands.executeCommand('interlock.openReport', chosen.argument);
}
