import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../engine';
import type { BranchTip } from '../git/find-base';
import { property, readJson } from './json-source';
import { parseConfig } from './parse-config';
import type { ConfigProblem, ConfigReading } from './project-config';

export const CONFIG_FILE = 'interlock.json';

/** What reading the configuration asks of git. */
export interface ConfigSource {
  defaultBranch(): Promise<BranchTip | null>;
  branchTip(branch: string, remote: string): Promise<BranchTip | null>;
  commitOf(name: string): Promise<string | null>;
  readFile(commit: string, path: string): Promise<Buffer | null>;
}

/**
 * Reads interlock.json from the base branch's last commit: never from the branch of an item, never from the disk, so that
 * nothing that an item changes decides about it. Problems name the file as `<branch>:interlock.json`, as git does.
 * @throws GitError when git could not say
 */
export async function loadConfig(git: ConfigSource, repository: Pick<Repository, 'root'>): Promise<ConfigReading> {
  const first = await git.defaultBranch();
  if (first === null)
    return refuse(
      'There is no branch to read the configuration from',
      'Make a first commit on the branch that items land on',
    );
  const found = await readAt(git, repository, first);
  if (!found.ok || found.loaded.config.base === first.branch) return found;

  const { base, remote } = found.loaded.config;
  const named = await placeOfBase(git, first);
  const tip = await git.branchTip(base, remote);
  if (tip === null)
    return refuse(
      `"base" names ${base}, and there is no such branch`,
      `Create or fetch ${base}, or name another branch`,
      named,
    );
  const second = await readAt(git, repository, tip);
  if (!second.ok || second.loaded.config.base === base) return second;
  return refuse(
    `"base" names ${base}, whose own ${CONFIG_FILE} names ${second.loaded.config.base}`,
    `Let ${CONFIG_FILE} on ${first.branch} and on ${base} name the same branch`,
    named,
  );
}

async function readAt(git: ConfigSource, { root }: Pick<Repository, 'root'>, tip: BranchTip): Promise<ConfigReading> {
  const file = `${tip.branch}:${CONFIG_FILE}`;
  const bytes = await git.readFile(tip.commit, CONFIG_FILE);
  if (bytes === null) return refuse(...(await explainMissing(git, root, tip.branch)), { file });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('The file is not UTF-8', 'Save it as UTF-8', { file });
  }
  const parsed = parseConfig(text, file, tip.branch);
  if (!parsed.ok) return parsed;
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { ok: true, loaded: { config: parsed.config, base: { branch: tip.branch, commit: tip.commit }, hash } };
}

async function placeOfBase(git: ConfigSource, tip: BranchTip): Promise<Partial<ConfigProblem>> {
  const source = readJson((await git.readFile(tip.commit, CONFIG_FILE))?.toString('utf8') ?? '');
  const offset = property(source.root, 'base')?.value.offset ?? 0;
  return { file: `${tip.branch}:${CONFIG_FILE}`, key: 'base', ...source.place(offset) };
}

/** Message and remedy, by where the file is instead. */
async function explainMissing(git: ConfigSource, root: string, branch: string): Promise<[string, string]> {
  const missing = `There is no ${CONFIG_FILE} on ${branch}`;
  const head = await git.commitOf('HEAD');
  if (head !== null && (await git.readFile(head, CONFIG_FILE)) !== null)
    return [`${missing}, but the present branch has one`, `Bring it to ${branch}: only what is committed there counts`];
  const onDisk = await access(join(root, CONFIG_FILE)).then(
    () => true,
    () => false,
  );
  if (onDisk) return [`${missing}, but there is one in ${root} that is not committed`, `Commit it to ${branch}`];
  return [missing, `Run \`interlock init\`, then commit ${CONFIG_FILE} to ${branch}`];
}

function refuse(message: string, remedy: string, at: Partial<ConfigProblem> = {}): ConfigReading {
  return { ok: false, problems: [{ file: CONFIG_FILE, line: 1, column: 1, key: '', ...at, message, remedy }] };
}
