import * as vscode from 'vscode';
import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import { tell } from './tell';

/** `Interlock: Prove the Gate`, for every repository of the window. */
export async function proveGate(world: CommandWorld): Promise<void> {
  await world.repositories.ready();
  for (const repository of world.repositories.all) {
    const { name, engine } = repository;
    const proof = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, cancellable: true, title: messages.proving(name) },
      async (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        return engine.prove({
          actor: await world.actor(repository),
          signal: abort.signal,
          onProgress: (step) => {
            const message = messages.progress(step);
            if (message) progress.report({ message });
          },
        });
      },
    );
    const { outcome, reason } = proof;
    world.log.info(`${name}: ${outcome}: ${reason.text}`);
    const severity = outcome === 'sighted' ? 'information' : outcome === 'blind' ? 'error' : 'warning';
    tell(severity, messages.proof(name, outcome, reason), []);
  }
}
