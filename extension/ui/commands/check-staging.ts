import * as vscode from 'vscode';
import type { StagingCheck } from '../../../runner-host/protocol/staging';
import type { OpenRepository } from '../repositories';
import { checkWithPerson, type CheckEnd, type StagingQuestions } from '../staging/check-flow';
import { runsOnStaging } from '../staging/known-secrets';
import { SecretStore } from '../staging/secret-store';
import * as messages from '../messages';
import * as words from '../staging-messages';
import type { CommandWorld } from './command-world';
import { refOf, type ItemRef } from './item-ref';
import { tell } from './tell';

/** `Interlock: Check Staging Host`: what is missing before a run could start there, and the questions that only a person answers. */
export async function checkStagingHost(world: CommandWorld, argument: unknown): Promise<void> {
  await world.repositories.ready();
  const item = refOf(argument, world.repositories);
  const repository = item?.repository ?? named(world, argument) ?? (await choose(world));
  if (!repository) return;
  const target = targetOf(repository);
  if (!target)
    return tell('warning', words.notConfigured(), [
      { title: messages.openConfiguration(), command: 'interlock.openConfiguration' },
    ]);
  const { engine } = repository;
  const stop = new AbortController();
  const ended = await checkWithPerson(
    {
      check: () =>
        withProgress(words.checking(target.host), stop, () =>
          world.checks.run(repository.key, () => engine.checkStaging()),
        ),
      give: (secret) => engine.giveStagingSecret(secret),
      trust: (fingerprint) => engine.trustStagingHost(fingerprint),
    },
    target,
    new SecretStore(world.secrets),
    QUESTIONS,
  ).catch((error: unknown) => {
    if (stop.signal.aborted) return undefined;
    throw error;
  });
  if (ended) answer(world, repository, item, ended);
}

/** `Interlock: Forget Staging Secrets`. */
export async function forgetStagingSecrets(world: CommandWorld): Promise<void> {
  tell('information', words.secretsForgotten(await new SecretStore(world.secrets).forgetAll()), []);
}

const targetOf = ({ config }: OpenRepository) => (config?.ok ? config.loaded.config.staging?.target : undefined);

/** A row of the Runners view names a repository alone. */
function named({ repositories }: CommandWorld, argument: unknown): OpenRepository | undefined {
  if (typeof argument !== 'object' || argument === null || !('repository' in argument)) return undefined;
  return typeof argument.repository === 'string' ? repositories.get(argument.repository) : undefined;
}

async function choose({ repositories }: CommandWorld): Promise<OpenRepository | undefined> {
  const configured = repositories.all.filter((repository) => targetOf(repository) !== undefined);
  const [first, second] = configured.length > 0 ? configured : repositories.all;
  if (!second) {
    if (!first) void vscode.window.showWarningMessage(messages.noRepositoryOpen());
    return first;
  }
  const choices = configured.map((repository) => ({
    label: repository.name,
    description: targetOf(repository)?.host ?? '',
    repository,
  }));
  return (await vscode.window.showQuickPick(choices, { placeHolder: words.chooseRepository() }))?.repository;
}

/** Cancelling stops the waiting alone: the check ends by itself, within its own bound, and its result is thrown away. */
function withProgress(title: string, stop: AbortController, check: () => Promise<StagingCheck>): Promise<StagingCheck> {
  return Promise.resolve(
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, cancellable: true, title },
      (_progress, token) =>
        new Promise<StagingCheck>((resolve, reject) => {
          token.onCancellationRequested(() => {
            stop.abort();
            reject(new vscode.CancellationError());
          });
          check().then(resolve, reject);
        }),
    ),
  );
}

const QUESTIONS: StagingQuestions = {
  async trust({ host, port, type, fingerprint }) {
    const button = words.trustButton();
    const chosen = await vscode.window.showWarningMessage(
      words.trustTitle(host, port),
      { modal: true, detail: words.trustDetail(type, fingerprint) },
      button,
    );
    return chosen === button;
  },
  async secret(need, host, wrong) {
    return vscode.window.showInputBox({
      title: need.kind === 'passphrase' ? words.passphraseTitle(need.identity) : words.passwordTitle(host),
      prompt: wrong ? words.wrongSecret() : words.passphrasePrompt(),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (text === '' ? words.secretMissing() : undefined),
    });
  },
};

function answer(world: CommandWorld, repository: OpenRepository, item: ItemRef | undefined, ended: CheckEnd): void {
  const { check } = ended;
  const show = { title: words.showRunners(), command: 'interlock.runners.focus' };
  world.log.info(`${repository.name}: staging host ${check.host}: ${check.state} (${check.cause})`);
  if (ended.end === 'not-trusted') return tell('error', words.notTrusted(ended.detail), [show]);
  if (ended.end === 'too-many-wrong') return tell('error', words.tooManyWrong(), [show]);
  if (ended.end === 'left') return;
  if (check.need?.kind === 'trust') return tell('error', words.trustNotOffered(check.cause), [show]);
  const held = item ?? heldOn(repository);
  const release = held && isHeld(held) ? [{ title: messages.releaseButton(), command: 'interlock.release' }] : [];
  if (check.state === 'ready') return tell('information', words.ready(check.host), [...release, show], held);
  const bad = check.facts.filter(({ ok }) => ok === false).map(({ text }) => text);
  tell('warning', words.notReady(check.host, check.cause, check.state, bad.slice(0, 3)), [show]);
}

/** The only held item at the staging host: what the check was most likely for. */
function heldOn(repository: OpenRepository): ItemRef | undefined {
  const held = repository.engine.read.items().filter((row) => row.condition === 'held' && runsOnStaging(row.stage));
  const [only, other] = held;
  return only && !other ? { repository, item: only.id, run: null } : undefined;
}

function isHeld({ repository, item }: ItemRef): boolean {
  const row = repository.engine.read.item(item);
  return row?.condition === 'held' && runsOnStaging(row.stage);
}
