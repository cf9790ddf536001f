import { delimiter, isAbsolute } from 'node:path';

/** What a command may see of the host's environment without being named in `passEnv`. Secrets are nobody's default. */
const ALLOWED = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ'],
  ...['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR', 'XDG_STATE_HOME'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'],
  ...['JAVA_HOME', 'GOPATH', 'GOROOT', 'GOCACHE', 'GOMODCACHE', 'CARGO_HOME', 'RUSTUP_HOME', 'RUSTUP_TOOLCHAIN'],
  ...['PYENV_ROOT', 'NVM_DIR', 'VOLTA_HOME', 'DOTNET_ROOT', 'ANDROID_HOME', 'PNPM_HOME', 'GRADLE_USER_HOME'],
  ...['SystemRoot', 'SYSTEMROOT', 'windir', 'WINDIR', 'SystemDrive', 'ComSpec', 'COMSPEC', 'PATHEXT', 'Path'],
  ...['USERPROFILE', 'USERNAME', 'APPDATA', 'LOCALAPPDATA', 'ProgramData', 'ProgramFiles', 'ProgramFiles(x86)'],
  ...['CommonProgramFiles', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'OS'],
]);

/** The cookies of runs around this one stay visible, so that the sweep of an outer run finds its nested ones. */
const ALLOWED_PATTERN = /^(LC_[A-Z]+|ILK_RUN_[0-9a-f]{32})$/;

const COOKIE = /^ILK_RUN_[0-9a-f]{32}$/;
const FOLDERS = ['TMPDIR', 'TMP', 'TEMP'];

/** Whether a variable's value belongs to one run: it says nothing about what the command depends on. */
export function isPerRun(name: string): boolean {
  return FOLDERS.includes(name) || COOKIE.test(name);
}

export interface EnvironmentRequest {
  /** The host's own environment. */
  from: NodeJS.ProcessEnv;
  passEnv: readonly string[];
  env: Readonly<Record<string, string>>;
  /** The run's own folder for temporary files. */
  tmp: string;
  cookie: string;
}

/**
 * The environment of a run's command: allow-list, then `passEnv`, then `env`, then the run's cookie, later ones winning.
 * Relative and empty PATH entries are left out: they would let the worktree decide which program is run.
 */
export function buildEnvironment({ from, passEnv, env, tmp, cookie }: EnvironmentRequest): Record<string, string> {
  const made: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined) continue;
    if (ALLOWED.has(name) || ALLOWED_PATTERN.test(name) || passEnv.includes(name)) made[name] = value;
  }
  Object.assign(made, { CI: 'true', TMPDIR: tmp, TMP: tmp, TEMP: tmp }, env);
  for (const name of ['PATH', 'Path']) {
    const path = made[name];
    if (path !== undefined)
      made[name] = path
        .split(delimiter)
        .filter((entry) => isAbsolute(entry))
        .join(delimiter);
  }
  made[cookieName(cookie)] = '1';
  return made;
}

/** The name, not the value, is unique: a run inside a run adds its own and overwrites none. */
export function cookieName(cookie: string): string {
  return `ILK_RUN_${cookie}`;
}
