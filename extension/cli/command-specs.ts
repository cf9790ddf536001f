/** What the parser knows, and what help and docs/cli.md are checked against. The words are texts.ts's. */
export interface OptionSpec {
  type: 'string' | 'boolean';
  /** What stands for the value in the usage line. */
  value?: string;
  short?: string;
}

export interface CommandSpec {
  /** In order; those in brackets may be left out. */
  positionals: readonly string[];
  options: Readonly<Record<string, OptionSpec>>;
}

export const GLOBAL_OPTIONS = {
  json: { type: 'boolean' },
  cwd: { type: 'string', value: 'DIR' },
  verbose: { type: 'boolean', short: 'v' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const satisfies Record<string, OptionSpec>;

const base = { base: { type: 'string', value: 'BRANCH' } } as const;
const reason = { reason: { type: 'string', value: 'TEXT' } } as const;

export const COMMANDS = {
  init: { positionals: [], options: {} },
  doctor: { positionals: [], options: {} },
  add: {
    positionals: ['TITLE'],
    options: {
      id: { type: 'string', value: 'ID' },
      branch: { type: 'string', value: 'BRANCH' },
      stage: { type: 'string', value: 'STAGE' },
    },
  },
  list: { positionals: [], options: {} },
  show: { positionals: ['ID'], options: {} },
  why: { positionals: ['ID'], options: {} },
  log: { positionals: ['[ID]'], options: {} },
  report: { positionals: ['ID'], options: { run: { type: 'string', value: 'RUN' } } },
  status: { positionals: [], options: {} },
  advance: { positionals: ['ID'], options: { until: { type: 'string', value: 'STAGE' } } },
  hold: { positionals: ['ID'], options: reason },
  release: { positionals: ['ID'], options: reason },
  acknowledge: { positionals: ['ID'], options: { set: { type: 'string', value: 'SET' }, ...reason } },
  'send-back': { positionals: ['ID'], options: reason },
  queue: { positionals: [], options: base },
  waive: { positionals: ['ID'], options: { finding: { type: 'string', value: 'HASH' }, ...reason } },
  renumber: { positionals: ['ID'], options: {} },
  reserve: { positionals: ['ID', '[SERIES]'], options: {} },
  unfreeze: { positionals: [], options: { ...base, ...reason } },
  clean: { positionals: ['ID'], options: { 'dry-run': { type: 'boolean' } } },
  cancel: { positionals: ['ID'], options: reason },
  'release-lease': {
    positionals: ['[ID]'],
    options: { queue: { type: 'string', value: 'BRANCH' }, force: { type: 'boolean' }, ...reason },
  },
  prove: { positionals: [], options: {} },
  alerts: { positionals: [], options: { seen: { type: 'boolean' } } },
  verify: { positionals: ['[COMMIT]'], options: {} },
  'host status': { positionals: [], options: {} },
  'host drain': { positionals: [], options: { cancel: { type: 'boolean' } } },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof COMMANDS;
export type OptionName =
  { [C in CommandName]: keyof (typeof COMMANDS)[C]['options'] }[CommandName] | keyof typeof GLOBAL_OPTIONS;

export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

/** All options of a command, its own first. */
export function optionsOf(command: CommandName | null): Readonly<Record<string, OptionSpec>> {
  return command === null ? GLOBAL_OPTIONS : { ...COMMANDS[command].options, ...GLOBAL_OPTIONS };
}
