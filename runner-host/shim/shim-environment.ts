/** What Node or a helper program needs to start. `NODE_OPTIONS` and the like are the host's business alone. */
const NEEDED = ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR', 'SystemRoot', 'windir', 'ComSpec', 'PATHEXT', 'Path'];
/** So that the end of a run around this one finds this shim too. */
const OUTER_COOKIE = /^ILK_RUN_[0-9a-f]{32}$/;

/** The shim's own environment; the command's comes with its specification. VS Code's program is Node only with this variable. */
export function shimEnvironment(from: NodeJS.ProcessEnv): Record<string, string> {
  const made: Record<string, string> = { ELECTRON_RUN_AS_NODE: '1' };
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && (NEEDED.includes(name) || OUTER_COOKIE.test(name))) made[name] = value;
  }
  return made;
}
