/**
 * Settings of the user or the repository that would run foreign code, ask questions or change the answer.
 * Hooks, the fsmonitor hook and signing programs are commands from a configuration that an agent can write.
 * Background maintenance would outlive the call and hold its pipes.
 */
export const FIXED_OPTIONS = [
  '--no-optional-locks',
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.quotePath=false'].flatMap((setting) => ['-c', setting]),
  ...['commit.gpgSign=false', 'gc.auto=0', 'maintenance.auto=false'].flatMap((setting) => ['-c', setting]),
  ...['i18n.commitEncoding=UTF-8', 'rerere.enabled=false'].flatMap((setting) => ['-c', setting]),
];

/**
 * The environment of every git call: without the caller's `GIT_*` (an inherited `GIT_DIR` redirects `-C`),
 * in English, without questions, with paths that are paths and no patterns. Replacement objects are off: `git replace` could otherwise
 * show another interlock.json under the base commit's own name.
 */
export function gitEnvironment(from: NodeJS.ProcessEnv, extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(from).filter(([name]) => !/^(GIT_|LC_|LANG$|LANGUAGE$)/i.test(name));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
    ...extra,
  };
}
