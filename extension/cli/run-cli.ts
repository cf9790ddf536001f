import { resolve } from 'node:path';
import type { Engine } from '../engine';
import type { LedgerHealth } from '../ledger/ledger';
import { cliError, type Problem } from './cli-error';
import { colourOf } from './colour';
import type { CommandContext, CommandResult } from './command';
import { RUN } from './commands/all';
import { describeError } from './describe-error';
import { EXIT, EXIT_OF_LEDGER_ERROR, MAYBE_INCOMPLETE, type ExitCode } from './exit-codes';
import { helpLines } from './help';
import { line, paint, type Line } from './line';
import { parseArguments, wantsJson, type ParsedArguments } from './parse-arguments';
import { plainJson, plainLines } from './plain-text';
import { texts } from './texts';
import type { World } from './world';

/**
 * One command from its words to its answer. Never throws; stdout gets the answer alone (with `--json` exactly one object),
 * everything else goes to stderr.
 * @returns the process's exit code
 */
export async function runCli(argv: readonly string[], world: World): Promise<ExitCode> {
  const json = wantsJson(argv);
  const output = printer(world, json);
  let verbose = false;
  try {
    const args = parseArguments(argv);
    verbose = args.flag('verbose');
    const result = await answer(args, world, output);
    output.answer(result);
    return result.exit;
  } catch (error) {
    const problem = describeError(error);
    output.problem(problem, verbose);
    return problem.exit;
  }
}

/**
 * Says what went wrong outside of a command: a bug in the background, or an answer that could not be written.
 * @param json whether stdout is still owed its one object
 */
export function tellCrash(
  error: unknown,
  world: World,
  { json, verbose }: { json: boolean; verbose: boolean },
): ExitCode {
  const problem = describeError(error);
  printer(world, json).problem(problem, verbose);
  return problem.exit;
}

type Printer = ReturnType<typeof printer>;

function printer(world: World, json: boolean) {
  const colour = { stdout: colourOf(world.stdout, world.env), stderr: colourOf(world.stderr, world.env) };
  const print = (to: 'stdout' | 'stderr', text: Line): void => world[to].write(`${paint(text, colour[to])}\n`);
  const object = (value: object): void => world.stdout.write(`${plainJson(value)}\n`);
  return {
    json,
    say: (text: Line): void => print('stderr', text),
    answer(result: CommandResult): void {
      if (json) object(result.json);
      else for (const text of result.lines) print('stdout', text);
    },
    problem({ code, message, remedy, problems, stack }: Problem, verbose: boolean): void {
      if (json) object({ error: { code, message, remedy, ...(problems ? { problems } : {}) } });
      print('stderr', line(texts.errorLine(code, message), 'bad'));
      if (remedy) print('stderr', line(texts.remedyLine(remedy)));
      for (const each of (problems ?? []).slice(1)) print('stderr', line(texts.problemLine(each)));
      if (verbose && stack) for (const text of plainLines(stack)) print('stderr', line(text, 'faint'));
    },
  };
}

async function answer(args: ParsedArguments, world: World, { json, say }: Printer): Promise<CommandResult> {
  if (args.flag('version')) return { exit: EXIT.fine, json: { version: world.version }, lines: [line(world.version)] };
  const { command } = args;
  if (args.flag('help')) {
    const lines = helpLines(command);
    return { exit: EXIT.fine, json: { help: lines.map(({ text }) => text).join('\n') }, lines };
  }
  if (command === null) {
    if (!json) for (const text of helpLines(null)) say(text);
    throw cliError('no-command', texts.noCommand());
  }
  const cwd = await workingFolder(args, world);
  let engine: Promise<Engine> | undefined;
  const context: CommandContext = {
    args,
    world,
    cwd,
    json,
    verbose: args.flag('verbose'),
    columns: world.stdout.columns,
    say,
    engine: () => (engine ??= openEngine(context)),
    actor: () => world.actor(cwd),
  };
  try {
    const result = await RUN[command](context);
    // A command may have an answer to an engine that cannot be opened.
    const opened = await engine?.catch(() => undefined);
    return opened === undefined ? result : doubtIncomplete(result, opened.ledgerHealth);
  } finally {
    await closeEngine(engine, say);
  }
}

async function workingFolder(args: ParsedArguments, world: World): Promise<string> {
  const cwd = resolve(world.cwd, args.text('cwd') ?? '.');
  if (!(await world.isFolder(cwd))) throw cliError('no-such-folder', texts.noSuchFolder(cwd));
  return cwd;
}

async function openEngine({ world, cwd, verbose, say }: CommandContext): Promise<Engine> {
  const engine = await world.openEngine(cwd, (text) => (verbose ? say(line(text, 'faint')) : undefined));
  const health = engine.ledgerHealth;
  if (health.mode === 'read-only') say(line(texts.readOnly(health.reason, health.remedy), 'warning'));
  return engine;
}

/** An answer that is read from a damaged ledger is shown, but never passes for a good one. */
function doubtIncomplete(result: CommandResult, health: LedgerHealth): CommandResult {
  const doubtful = health.mode === 'read-only' && MAYBE_INCOMPLETE.has(health.code);
  return doubtful && result.exit === EXIT.fine ? { ...result, exit: EXIT_OF_LEDGER_ERROR[health.code] } : result;
}

/** The command has had its effect: trouble in closing is told, and changes neither answer nor exit code. */
async function closeEngine(engine: Promise<Engine> | undefined, say: (text: Line) => void): Promise<void> {
  const opened = await engine?.catch(() => undefined);
  try {
    await opened?.close();
  } catch (error) {
    say(line(texts.closeFailed(describeError(error).message), 'warning'));
  }
}
