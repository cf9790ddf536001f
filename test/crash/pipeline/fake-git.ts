import { GitError } from '../../../extension/git/git-error';
import type { Git, WorktreeState } from '../../../extension/pipeline/ports';

interface Commit {
  /** The tree without the artifacts. */
  tree: string;
  files: ReadonlyMap<string, string>;
}

export type GitTrouble = 'git-throws' | 'worktree-missing' | 'worktree-dirty' | 'commit-refused' | 'remote-silent';

/** The base branch's commit, where every item forks. */
export const BASE = 'b'.repeat(40);

const failure = (code: 'failed' | 'remote-unreachable') => new GitError(code, 'made by a test', 'do it again');

/** Branches, commits and a remote in memory, as far as the pipeline asks for them. Worktrees are named after their branch. */
export class FakeGit implements Git {
  trouble: GitTrouble | undefined;
  private readonly commits = new Map<string, Commit>([[BASE, { tree: BASE, files: new Map() }]]);
  private readonly tips = new Map<string, string>();
  private readonly landed = new Set<string>();
  private count = 0;

  tip(branch: string): string {
    return this.tips.get(branch) ?? this.push(branch);
  }

  treeOf(commit: string): string {
    return this.at(commit).tree;
  }

  /** Somebody changes the code on the branch. */
  push(branch: string): string {
    const tip = this.tips.get(branch);
    const files = tip === undefined ? new Map<string, string>() : this.at(tip).files;
    return this.add(branch, { tree: this.nextId(), files });
  }

  land(branch: string): void {
    this.landed.add(this.treeOf(this.tip(branch)));
  }

  hasLanded(tree: string): boolean {
    return this.landed.has(tree);
  }

  async commitOf(name: string): Promise<string | null> {
    this.refuse('git-throws');
    return this.tips.get(name.replace('refs/heads/', '')) ?? null;
  }

  async treeWithout(commit: string): Promise<string> {
    return this.treeOf(commit);
  }

  async readFile(commit: string, path: string): Promise<Buffer | null> {
    const text = this.at(commit).files.get(path);
    return text === undefined ? null : Buffer.from(text);
  }

  async listFiles(commit: string): Promise<string[]> {
    return [...this.at(commit).files.keys()];
  }

  readWorktreeFile(worktree: string, path: string): Promise<Buffer | null> {
    return this.readFile(this.tip(worktree), path);
  }

  async worktree(path: string): Promise<WorktreeState> {
    this.refuse('git-throws');
    if (this.trouble === 'worktree-missing') return { state: 'missing' };
    const dirty = this.trouble === 'worktree-dirty' ? ['changed.txt'] : [];
    return { state: 'present', head: this.tip(path), branch: path, dirty };
  }

  async mergeBase(a: string): Promise<string> {
    return a;
  }

  async addWorktree(_path: string, branch: string): Promise<void> {
    this.tip(branch);
  }

  async commitFile(
    worktree: string,
    path: string,
    text: string,
    _message: string,
    expectedHead: string,
  ): Promise<string> {
    this.refuse('commit-refused');
    if (this.tip(worktree) !== expectedHead) throw failure('failed');
    const { tree, files } = this.at(expectedHead);
    return this.add(worktree, { tree, files: new Map([...files, [path, text]]) });
  }

  async fetchBase(): Promise<string> {
    if (this.trouble === 'remote-silent') throw failure('remote-unreachable');
    return BASE;
  }

  async mixCommit(onto: string): Promise<string> {
    return onto;
  }

  async changedFiles(): Promise<[]> {
    return [];
  }

  async commitChanges(onto: string): Promise<string> {
    return onto;
  }

  async forward(): Promise<void> {
    return undefined;
  }

  async keepCommit(): Promise<void> {
    return undefined;
  }

  async isAncestor(): Promise<boolean> {
    return false;
  }

  async containsChanges(_target: string, _fork: string, head: string): Promise<'contained' | 'missing'> {
    return this.hasLanded(this.treeOf(head)) ? 'contained' : 'missing';
  }

  private refuse(trouble: GitTrouble): void {
    if (this.trouble === trouble) throw failure('failed');
  }

  private at(commit: string): Commit {
    const found = this.commits.get(commit);
    if (!found) throw failure('failed');
    return found;
  }

  private add(branch: string, commit: Commit): string {
    const id = this.nextId();
    this.commits.set(id, commit);
    this.tips.set(branch, id);
    return id;
  }

  private nextId(): string {
    return (++this.count).toString(16).padStart(40, '0');
  }
}
