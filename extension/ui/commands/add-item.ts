import * as vscode from 'vscode';
import type { AddOptions } from '../../engine';
import * as messages from '../messages';
import type { OpenRepository } from '../repositories';
import { VIEW_ID, type CommandWorld } from './command-world';
import { tell } from './tell';

/** `Interlock: Add Work Item`: title, id and branch, the last two with a default. */
export async function addItem(world: CommandWorld): Promise<void> {
  await world.repositories.ready();
  const repository = await chooseRepository(world);
  if (!repository) return;
  const title = await ask({
    step: 1,
    prompt: messages.titlePrompt(),
    check: (text) => (text.trim() ? '' : messages.titleNeeded()),
  });
  if (title === undefined) return;
  const taken = new Map(repository.engine.read.items().map((item) => [item.id.toLowerCase(), item.title]));
  const id = await ask({ step: 2, prompt: messages.idPrompt(), check: (text) => idProblem(text.trim(), taken) });
  if (id === undefined) return;
  const branch = await ask({ step: 3, prompt: messages.branchPrompt(), check: () => '' });
  if (branch === undefined) return;
  const options: AddOptions = {
    title: title.trim(),
    actor: await world.actor(repository),
    ...(id.trim() && { id: id.trim() }),
    ...(branch.trim() && { branch: branch.trim() }),
  };
  const outcome = await vscode.window.withProgress({ location: { viewId: VIEW_ID } }, () =>
    repository.engine.add(options),
  );
  if (!outcome.ok) return tell('error', messages.notAdded(outcome.reason), []);
  world.log.info(outcome.text);
  await world.view.reveal(world.tree.nodeOf(repository.key, outcome.item.id), { select: true, focus: false });
}

async function chooseRepository({ repositories }: CommandWorld): Promise<OpenRepository | undefined> {
  const [first, second] = repositories.all;
  if (!second) {
    if (!first) void vscode.window.showWarningMessage(messages.noRepositoryOpen());
    return first;
  }
  const choices = repositories.all.map((repository) => ({
    label: repository.name,
    description: repository.engine.repository.root,
    repository,
  }));
  return (await vscode.window.showQuickPick(choices, { placeHolder: messages.chooseRepository() }))?.repository;
}

const STEPS = 3;

function ask({
  step,
  prompt,
  check,
}: {
  step: number;
  prompt: string;
  check(text: string): string;
}): Promise<string | undefined> {
  return Promise.resolve(
    vscode.window.showInputBox({
      title: messages.addStep(step, STEPS),
      prompt,
      ignoreFocusOut: true,
      validateInput: (text) => check(text) || undefined,
    }),
  );
}

/** What the engine would refuse, said while typing; the engine checks again. */
function idProblem(id: string, taken: ReadonlyMap<string, string>): string {
  if (id === '') return '';
  if (!/^[A-Za-z][A-Za-z0-9._-]{0,62}[A-Za-z0-9]$/.test(id)) return messages.idMalformed();
  const owner = taken.get(id.toLowerCase());
  return owner === undefined ? '' : messages.idTaken(id, owner);
}
