import { parseArgs } from 'node:util';
import { cliError } from './cli-error';
import {
  COMMAND_NAMES,
  COMMANDS,
  optionsOf,
  type CommandName,
  type CommandSpec,
  type OptionName,
  type OptionSpec,
} from './command-specs';
import { nearest } from './nearest';
import { texts } from './texts';

export interface ParsedArguments {
  /** Null: the command line names none. */
  command: CommandName | null;
  /** Positionals after the command's words. */
  positionals: string[];
  text(option: OptionName): string | undefined;
  flag(option: OptionName): boolean;
}

const ALL_OPTIONS: Readonly<Record<string, OptionSpec>> = Object.assign({}, ...COMMAND_NAMES.map(optionsOf));
const PARSER_OPTIONS = Object.fromEntries(
  Object.entries(ALL_OPTIONS).map(([name, { type, short }]) => [
    name,
    short === undefined ? { type } : { type, short },
  ]),
);

/** Whether errors, too, must be one JSON object: asked before anything else may fail. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

/**
 * The command line, checked against the table of commands. Options may stand before or after the command.
 * Node's strict mode is not used because its errors know neither the command nor the nearest option.
 * @throws CliError naming the nearest command or option
 */
export function parseArguments(argv: readonly string[]): ParsedArguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: PARSER_OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words = tokens.filter((token) => token.kind === 'positional').map((token) => token.value);
  const given = tokens.filter((token) => token.kind === 'option');
  const asksForHelp = given.some(({ name }) => name === 'help' || name === 'version');
  const { command, positionals } = commandOf(words, asksForHelp);
  const known = optionsOf(command);

  const values = new Map<string, string | true>();
  for (const { name, rawName, value, inlineValue } of given) {
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!option) throw unknownOption(name, rawName, command, known);
    if (option.type === 'boolean') {
      if (value !== undefined) throw cliError('unexpected-value', texts.unexpectedValue(rawName));
      values.set(name, true);
    } else {
      if (value === undefined || value === '' || (!inlineValue && value.startsWith('-'))) {
        throw cliError('missing-value', texts.missingValue(rawName, option.value ?? 'VALUE'));
      }
      values.set(name, value);
    }
  }
  if (command !== null && !asksForHelp) checkCount(command, positionals);
  return {
    command,
    positionals,
    text: (option) => {
      const value = values.get(option);
      return typeof value === 'string' ? value : undefined;
    },
    flag: (option) => values.has(option),
  };
}

function commandOf(
  words: readonly string[],
  asksForHelp: boolean,
): { command: CommandName | null; positionals: string[] } {
  const [first, second] = words;
  if (first === undefined) return { command: null, positionals: [] };
  const one = COMMAND_NAMES.find((name) => name === first);
  if (one) return { command: one, positionals: words.slice(1) };
  const two = COMMAND_NAMES.find((name) => name === `${first} ${second}`);
  if (two) return { command: two, positionals: words.slice(2) };

  const ofGroup = COMMAND_NAMES.filter((name) => name.startsWith(`${first} `));
  if (ofGroup.length > 0 && second === undefined) {
    if (asksForHelp) return { command: null, positionals: [] };
    throw cliError('missing-argument', texts.missingSubcommand(first, ofGroup));
  }
  const asked = ofGroup.length > 0 ? `${first} ${second}` : first;
  const near = nearest(asked, ofGroup.length > 0 ? ofGroup : COMMAND_NAMES);
  throw cliError('unknown-command', texts.unknownCommand(asked, near));
}

function unknownOption(
  name: string,
  rawName: string,
  command: CommandName | null,
  known: Readonly<Record<string, OptionSpec>>,
): Error {
  const owners = COMMAND_NAMES.filter((other) => Object.hasOwn(COMMANDS[other].options, name));
  const near = nearest(name, Object.keys(known));
  return cliError('unknown-option', texts.unknownOption(rawName, command, near, owners));
}

function checkCount(command: CommandName, positionals: readonly string[]): void {
  const wanted: CommandSpec['positionals'] = COMMANDS[command].positionals;
  const missing = wanted.slice(positionals.length).find((name) => !name.startsWith('['));
  if (missing) throw cliError('missing-argument', texts.missingArgument(command, missing));
  const blank = positionals.findIndex((value) => value.trim() === '');
  if (blank >= 0) throw cliError('missing-argument', texts.missingArgument(command, wanted[blank] ?? 'VALUE'));
  const extra = positionals[wanted.length];
  if (extra !== undefined) throw cliError('too-many-arguments', texts.tooManyArguments(command, extra));
}
