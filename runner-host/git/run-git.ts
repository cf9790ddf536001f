import { execa } from 'execa';

/** A whole status of a large repository comes in well below this. */
const BOUND_MS = 120_000;
const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Git could not say. `detail` is its own message, for people. */
export class GitFailure extends Error {
  readonly args: readonly string[];
  readonly detail: string;

  constructor(args: readonly string[], detail: string) {
    super(`git ${args.join(' ')}: ${detail}`);
    this.name = 'GitFailure';
    this.args = args;
    this.detail = detail;
  }
}

export interface GitCall {
  folder: string;
  /** The host's environment; what steers git in it (GIT_*) is left out. */
  env: NodeJS.ProcessEnv;
  /** Set on top, for this call. */
  variables?: Readonly<Record<string, string>>;
  stdin?: string;
  /** `latin1` keeps bytes as they are, one per character. */
  encoding?: 'utf8' | 'latin1';
  signal?: AbortSignal;
}

const PASSED = ['PATH', 'Path', 'HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP'];

/** Nothing of the worktree or of a watcher may run or answer for the files: hooks, file system monitor, untracked cache off. */
const SETTINGS = [
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.hooksPath=/dev/null',
  'core.sparseCheckout=false',
];

/** What stands before the arguments of every call. */
const GIT_OPTIONS: readonly string[] = ['--literal-pathspecs', ...SETTINGS.flatMap((setting) => ['-c', setting])];

/** The environment of every call, and nothing besides. */
function gitVariables(env: NodeJS.ProcessEnv, variables: Readonly<Record<string, string>> = {}) {
  const passed = Object.fromEntries(PASSED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  return {
    ...passed,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    ...variables,
  };
}

/** Runs git in a folder and returns its stdout. Throws `GitFailure`; waits at most two minutes. */
export async function runGit(
  args: readonly string[],
  { folder, env, variables, stdin, encoding = 'utf8', signal }: GitCall,
): Promise<string> {
  const result = await execa('git', [...GIT_OPTIONS, ...args], {
    cwd: folder,
    env: gitVariables(env, variables),
    extendEnv: false,
    encoding,
    ...(stdin === undefined ? { stdin: 'ignore' as const } : { input: stdin }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    timeout: BOUND_MS,
    maxBuffer: MOST_OUTPUT_BYTES,
    stripFinalNewline: false,
    reject: false,
  });
  if (!result.failed) return result.stdout;
  // Without a process (git is not installed) there is no stderr, whatever the types say.
  const said = String(result.stderr ?? '')
    .trim()
    .slice(-2000);
  throw new GitFailure(args, said === '' ? (result.shortMessage ?? 'no reason given') : said);
}
