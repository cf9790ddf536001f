import { execFileSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHost } from '../../../extension/host/create-host';
import type { Host } from '../../../extension/pipeline/ports';
import { HostRecord } from '../../../runner-host/protocol/methods';
import type { TestRunResult } from '../../../runner-host/protocol/result';
import type { TestRunSpec } from '../../../runner-host/protocol/run-spec';
import { testResult } from '../../../runner-host/protocol/runs';
import { bundleHost } from './bundle-host';

export interface HostRig {
  /** The worktree, a repository with one commit. */
  worktree: string;
  stateDir: string;
  head: string;
  entry: string;
  host: Host;
  /** Another client of the same host, as another window would be. */
  client(args?: readonly string[]): Host;
  spec(command: string | string[], more?: Partial<TestRunSpec>): TestRunSpec;
  /** Starts the run and waits for its result. */
  run(spec: TestRunSpec): Promise<{ result: TestRunResult; output: string }>;
  /** Writes a file into the worktree without committing it. */
  write(path: string, text: string): void;
  commit(files: Record<string, string>): string;
  runFile(run: string, name: string): string;
  record(): HostRecord;
  close(): Promise<void>;
}

/** A repository with a runner host of its own; `close` ends the host and everything that it runs. */
export async function openHostRig(args: readonly string[] = []): Promise<HostRig> {
  const entry = await bundleHost();
  const worktree = realpathSync(mkdtempSync(join(tmpdir(), 'ilk-host-')));
  const git = (...rest: string[]): string => {
    const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', '-c', 'init.defaultBranch=main'];
    return execFileSync('git', [...identity, ...rest], {
      cwd: worktree,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(worktree, path)), { recursive: true });
    writeFileSync(join(worktree, path), text, { mode: 0o755 });
  };
  git('init', '-q');
  const commit = (files: Record<string, string>): string => {
    for (const [path, text] of Object.entries(files)) write(path, text);
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', 'work');
    return git('rev-parse', 'HEAD');
  };
  const stateDir = join(worktree, '.git', 'interlock');
  const clients: Host[] = [];
  const client = (more: readonly string[] = args): Host => {
    const made = createHost({
      stateDir,
      hostEntry: entry,
      execPath: process.execPath,
      clientName: 'test',
      hostArgs: more,
      log: () => undefined,
    });
    clients.push(made);
    return made;
  };
  const host = client();
  const rig: HostRig = {
    worktree,
    stateDir,
    head: commit({ '.gitignore': 'ignored/\n', 'code.txt': 'one\n' }),
    entry,
    host,
    client,
    write,
    commit: (files) => (rig.head = commit(files)),
    spec: (command, more = {}) => ({
      kind: 'test',
      run: newRun(),
      item: 'DEMO-1',
      worktree,
      artifacts: 'docs/work-items/DEMO-1',
      command,
      cwd: '.',
      timeoutMs: 20_000,
      graceMs: 300,
      env: {},
      passEnv: [],
      report: null,
      head: rig.head,
      ...more,
    }),
    async run(spec) {
      await host.request('run/start', { spec });
      let output = '';
      const listener = { output: ({ text }: { text: string }) => void (output += text), step: () => undefined };
      const { result } = await host.follow(spec.run, 0, listener);
      if (result === null) throw new Error('finished without a result');
      return { result: testResult(result), output };
    },
    runFile: (run, name) => join(stateDir, 'runs', run, name),
    record: () => newestRecord(stateDir),
    async close() {
      // A starter that was slow may become the host after the one before it was drained.
      await until(async () => {
        const running = await client()
          .probe()
          .catch(() => null);
        await running?.request('host/drain', { cancel: true }).catch(() => undefined);
        return hostPids(stateDir).length === 0;
      }, 'the host to end');
      for (const one of clients) await one.close();
      rmSync(worktree, { recursive: true, force: true });
    },
  };
  return rig;
}

export function newRun(): string {
  return `r${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
}

export function newestRecord(stateDir: string): HostRecord {
  const folder = join(stateDir, 'hosts');
  const numbers = readdirSync(folder)
    .flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? [])
    .map(Number);
  return HostRecord.parse(JSON.parse(readFileSync(join(folder, `${Math.max(...numbers)}.json`), 'utf8')));
}

/** A number that no other process on this machine has in its command line: `sleep <mark>` is found again by it. */
export function newMark(): string {
  return `${randomInt(100_000, 999_999)}.${randomInt(100_000, 999_999)}`;
}

/** Processes, without zombies, whose command line holds the text. */
export function pidsWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

export function hostPids(stateDir: string): number[] {
  return pidsWith(`--state ${stateDir} `);
}

/** Waits at most 20 s. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(20);
  }
}
