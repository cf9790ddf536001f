import {
  COMMAND_NAMES,
  COMMANDS,
  GLOBAL_OPTIONS,
  type CommandName,
  type CommandSpec,
  type OptionSpec,
} from './command-specs';
import { padWidth } from './display-width';
import { EXIT } from './exit-codes';
import { HELP } from './help-texts';
import { BLANK, line, type Line } from './line';
import { texts } from './texts';

/** The command's usage as the table of commands has it: `interlock add TITLE [--id ID]`. */
export function usage(command: CommandName): string {
  const { positionals, options }: CommandSpec = COMMANDS[command];
  return [
    'interlock',
    command,
    ...positionals,
    ...Object.entries(options).map(([name, option]) => `[${spelled(name, option)}]`),
  ].join(' ');
}

/** What `interlock --help` and `interlock COMMAND --help` print. */
export function helpLines(command: CommandName | null): Line[] {
  return command === null ? generalHelp() : commandHelp(command);
}

function generalHelp(): Line[] {
  return [
    line(texts.tagline, 'title'),
    BLANK,
    line(texts.usageLine),
    BLANK,
    ...listing(COMMAND_NAMES.map((name) => [name, HELP.commands[name].summary])),
    ...globalOptions(),
    ...exitCodes(Object.values(EXIT)),
    BLANK,
    line(texts.moreHelp),
  ];
}

function commandHelp(command: CommandName): Line[] {
  const { summary, details, options, exits, example } = HELP.commands[command];
  const specs: Readonly<Record<string, OptionSpec>> = COMMANDS[command].options;
  const own = Object.entries(specs).map(([name, option]): [string, string] => [
    spelled(name, option),
    options[name] ?? '',
  ]);
  return [
    line(`Usage: ${usage(command)}`, 'title'),
    BLANK,
    ...[summary, ...details].map((text) => line(text)),
    ...(own.length === 0 ? [] : [BLANK, line(texts.optionsHead, 'title'), ...listing(own)]),
    ...globalOptions(),
    ...exitCodes(exits),
    BLANK,
    line(texts.exampleHead, 'title'),
    line(`  ${example}`),
  ];
}

function globalOptions(): Line[] {
  const specs: Readonly<Record<string, OptionSpec>> = GLOBAL_OPTIONS;
  const rows = Object.entries(specs).map(([name, option]): [string, string] => [
    spelled(name, option),
    HELP.global[name] ?? '',
  ]);
  return [BLANK, line(texts.globalHead, 'title'), ...listing(rows)];
}

function exitCodes(codes: readonly number[]): Line[] {
  return [
    BLANK,
    line(texts.exitHead, 'title'),
    ...listing(codes.map((code) => [String(code), HELP.exits[code] ?? ''])),
  ];
}

function spelled(name: string, { value, short }: OptionSpec): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function listing(rows: readonly (readonly [string, string])[]): Line[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => line(`  ${padWidth(name, width)}  ${text}`));
}
