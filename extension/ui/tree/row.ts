/** One line of the tree, free of VS Code: what is drawn, what a screen reader says, which commands fit. */
export interface TreeRow {
  label: string;
  description: string;
  tooltip: string;
  /** Name of a codicon. */
  icon: string;
  /** Id of a theme colour; the word in the description says the same without colour. */
  colour: string | null;
  spoken: string;
  /** Words that the menus look for: `item canAdvance canHold`. */
  context: string;
  folding: 'leaf' | 'collapsed' | 'expanded';
}

/** An icon, its colour and the word that goes with it. */
export interface Mark {
  icon: string;
  colour: string | null;
  word: string;
}

export const MARKS = {
  done: { icon: 'pass-filled', colour: 'testing.iconPassed', word: 'done' },
  passed: { icon: 'pass', colour: 'testing.iconPassed', word: 'PASS' },
  movedOn: { icon: 'check', colour: null, word: 'moved on' },
  failed: { icon: 'error', colour: 'testing.iconFailed', word: 'FAIL' },
  sentBack: { icon: 'reply', colour: null, word: 'sent back' },
  inconclusive: { icon: 'question', colour: 'testing.iconQueued', word: 'INCONCLUSIVE' },
  held: { icon: 'debug-pause', colour: 'testing.iconErrored', word: 'held' },
  infra: { icon: 'warning', colour: 'testing.iconQueued', word: 'infra' },
  cancelled: { icon: 'circle-slash', colour: 'testing.iconSkipped', word: 'cancelled' },
  deferred: { icon: 'watch', colour: 'testing.iconQueued', word: 'deferred' },
  queued: { icon: 'history', colour: 'testing.iconQueued', word: 'queued' },
  running: { icon: 'loading~spin', colour: null, word: 'running' },
  stopping: { icon: 'loading~spin', colour: 'testing.iconQueued', word: 'stopping' },
  ready: { icon: 'play-circle', colour: null, word: 'ready' },
  waiting: { icon: 'circle-large-outline', colour: null, word: 'waiting' },
  again: { icon: 'circle-large-outline', colour: 'testing.iconFailed', word: 'waiting for a fix' },
  upcoming: { icon: 'circle-outline', colour: 'disabledForeground', word: 'not reached' },
  skipped: { icon: 'dash', colour: 'disabledForeground', word: 'skipped' },
} as const satisfies Record<string, Mark>;
