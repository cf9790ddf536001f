import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Engine } from '../engine';
import type { ConfigReading } from '../config/project-config';
import { STAGE_NAMES } from '../config/project-config';
import { Activity } from './activity';
import type { ConfigStanding } from './config-standing';
import { problemOf, type FolderProblem } from './folder-problem';
import { RefWatch } from './ref-watch';

/** One repository of this window, with its engine. */
export interface OpenRepository {
  /** The git common directory: two worktrees of one repository have the same. */
  readonly key: string;
  readonly name: string;
  readonly engine: Engine;
  readonly activity: Activity;
  config: ConfigReading | undefined;
  configStanding: ConfigStanding;
}

/** The project's stages, or all of them while interlock.json cannot be used. */
export function stagesOf({ config }: OpenRepository): readonly string[] {
  return config?.ok ? config.loaded.config.stages : STAGE_NAMES;
}

/** Whether interlock.json has the key "merge"; without it a person lands what has come to that stage. */
export function landsByGate({ config }: OpenRepository): boolean {
  return config?.ok === true && config.loaded.config.merge !== null;
}

export interface ItemsChanged {
  repository: OpenRepository;
  items: ReadonlySet<string>;
}

/**
 * The engines of the window's folders, one a repository. Nothing is opened, git included, before the workspace is trusted.
 * Owns the engines: `close` ends them.
 */
export class Repositories {
  readonly #open = new Map<string, OpenRepository>();
  readonly #watches = new Map<string, RefWatch>();
  /** Folder of the window -> key of its repository. */
  readonly #folders = new Map<string, string>();
  readonly #setChanged = new vscode.EventEmitter<void>();
  readonly #itemsChanged = new vscode.EventEmitter<ItemsChanged>();
  readonly #opened = new vscode.EventEmitter<OpenRepository>();
  readonly #branchesMoved = new vscode.EventEmitter<OpenRepository>();
  #problems: FolderProblem[] = [];
  #opening: Promise<void> = Promise.resolve();
  #pending = 0;
  #closed = false;

  /** The set of repositories, a configuration or a problem has changed. */
  readonly onDidChange = this.#setChanged.event;
  readonly onDidChangeItems = this.#itemsChanged.event;
  readonly onDidOpen = this.#opened.event;
  /** A branch has another commit: a report may have become stale. */
  readonly onDidMoveBranches = this.#branchesMoved.event;

  constructor(
    private readonly openEngine: (folder: string) => Promise<Engine>,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get all(): OpenRepository[] {
    return [...this.#open.values()];
  }

  get problems(): readonly FolderProblem[] {
    return this.#problems;
  }

  get isOpening(): boolean {
    return this.#pending > 0;
  }

  get(key: string): OpenRepository | undefined {
    return this.#open.get(key);
  }

  /** Resolves when everything that was asked for so far has been opened, or has turned out not to open. */
  ready(): Promise<void> {
    return this.#opening;
  }

  /** Brings the set in line with the window's folders: opens what is missing, closes what has gone, tries failures again. */
  sync(): Promise<void> {
    this.#pending += 1;
    this.#opening = this.#opening
      .then(() => this.#syncNow())
      // A failure of one round must not stop those that follow.
      .catch((error: unknown) => this.log.error(String(error)))
      .finally(() => {
        this.#pending -= 1;
        this.#setChanged.fire();
      });
    return this.#opening;
  }

  async #syncNow(): Promise<void> {
    if (this.#closed || !vscode.workspace.isTrusted) return;
    this.#setChanged.fire();
    const folders = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => uri.fsPath);
    for (const folder of this.#folders.keys()) if (!folders.includes(folder)) this.#folders.delete(folder);
    const problems: FolderProblem[] = [];
    for (const folder of folders) {
      if (this.#folders.has(folder)) continue;
      try {
        this.#folders.set(folder, await this.#openFolder(folder));
      } catch (error) {
        this.log.error(`${folder}: ${String(error)}`);
        problems.push(problemOf(folder, error));
      }
    }
    this.#problems = problems;
    const present = new Set(this.#folders.values());
    for (const [key, repository] of this.#open) {
      if (present.has(key)) continue;
      this.#open.delete(key);
      this.#watches.get(key)?.dispose();
      this.#watches.delete(key);
      await repository.engine.close();
    }
  }

  async #openFolder(folder: string): Promise<string> {
    const engine = await this.openEngine(folder);
    const key = engine.repository.commonDir;
    if (this.#open.has(key) || this.#closed) {
      await engine.close();
      return key;
    }
    const repository: OpenRepository = {
      key,
      name: engine.repository.name,
      engine,
      activity: new Activity(),
      config: undefined,
      configStanding: 'ok',
    };
    await this.#readConfig(repository);
    engine.onChange(({ items }) => this.#itemsChanged.fire({ repository, items }));
    this.#open.set(key, repository);
    this.#watches.set(key, new RefWatch(key, () => void this.#moved(repository)));
    this.log.info(`opened ${engine.repository.root}, state in ${engine.repository.stateDir}`);
    this.#opened.fire(repository);
    return key;
  }

  /** Reads the configuration that decides anew, from the base branch. */
  async reloadConfig(): Promise<void> {
    for (const repository of this.#open.values()) await this.#readConfig(repository);
    this.#setChanged.fire();
  }

  async #moved(repository: OpenRepository): Promise<void> {
    const before = configMark(repository);
    await this.#readConfig(repository);
    if (this.#closed) return;
    // Branches move with every commit, the rules seldom: only these are worth drawing the whole tree for.
    if (configMark(repository) !== before) this.#setChanged.fire();
    this.#branchesMoved.fire(repository);
  }

  async #readConfig(repository: OpenRepository): Promise<void> {
    const { engine, name } = repository;
    try {
      repository.config = await engine.config();
    } catch (error) {
      repository.config = undefined;
      this.log.error(`${name}: ${String(error)}`);
    }
    const onDisk = await readFile(join(engine.repository.root, 'interlock.json'), 'utf8').catch(() => undefined);
    // The reader of interlock.json is a file of its own, so that starting VS Code does not wait for it.
    const { configStanding } = await import('./on-demand');
    repository.configStanding = configStanding(repository.config, onDisk);
  }

  /** Shows progress of a run at its item; the ledger does not know it. */
  progressed(repository: OpenRepository, items: ReadonlySet<string>): void {
    this.#itemsChanged.fire({ repository, items });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening;
    for (const watch of this.#watches.values()) watch.dispose();
    for (const { engine } of this.#open.values()) await engine.close();
    this.#open.clear();
    for (const emitter of [this.#setChanged, this.#itemsChanged, this.#opened, this.#branchesMoved]) emitter.dispose();
  }
}

/** Changes when the configuration that decides does. */
function configMark({ config, configStanding: standing }: OpenRepository): string {
  return JSON.stringify([standing, config?.ok ? config.loaded.hash : config?.problems]);
}
