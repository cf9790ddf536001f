import { describe, expect, test } from 'vitest';
import { CliError } from '../../../extension/cli/cli-error';
import { parseArguments, wantsJson } from '../../../extension/cli/parse-arguments';

const parse = (...argv: string[]) => parseArguments(argv);

function refusal(...argv: string[]): { code: string; exit: number; message: string; remedy: string } {
  try {
    parseArguments(argv);
  } catch (error) {
    if (error instanceof CliError) return error.problem;
    throw error;
  }
  throw new Error(`"${argv.join(' ')}" was taken`);
}

describe('what is understood', () => {
  test('a command with its argument and options', () => {
    const parsed = parse('add', 'Fix the login', '--id', 'DEMO-1', '--stage=testing');
    expect([parsed.command, parsed.positionals]).toEqual(['add', ['Fix the login']]);
    expect([parsed.text('id'), parsed.text('stage'), parsed.text('branch')]).toEqual(['DEMO-1', 'testing', undefined]);
  });

  test('a command of two words', () => {
    expect(parse('host', 'drain', '--cancel').command).toBe('host drain');
  });

  test('global options before and after the command mean the same', () => {
    for (const argv of [
      ['--json', '--cwd', '/x', 'list'],
      ['list', '--json', '--cwd', '/x'],
    ]) {
      const parsed = parseArguments(argv);
      expect([parsed.command, parsed.flag('json'), parsed.text('cwd')]).toEqual(['list', true, '/x']);
    }
  });

  test('a value may begin with a dash after an equals sign', () => {
    expect(parse('hold', 'DEMO-1', '--reason=-1 is wrong').text('reason')).toBe('-1 is wrong');
  });

  test('what follows -- is no option', () => {
    expect(parse('add', '--', '--json in the title').positionals).toEqual(['--json in the title']);
    expect(wantsJson(['add', '--', '--json'])).toBe(false);
  });

  test('help is given without the arguments that the command needs', () => {
    expect(parse('show', '--help').command).toBe('show');
    expect(parse('host', '-h').command).toBeNull();
  });
});

describe('what is refused, with exit code 2 and what was probably meant', () => {
  test.each([
    [['advence', 'DEMO-1'], 'unknown-command', 'advance'],
    [['host', 'drian'], 'unknown-command', 'host drain'],
    [['advance', 'DEMO-1', '--untill', 'merge'], 'unknown-option', '--until'],
    [['list', '--jsno'], 'unknown-option', '--json'],
    [['list', '--until', 'merge'], 'unknown-option', 'advance'],
    [['--hlep'], 'unknown-option', '--help'],
  ])('%j', (argv, code, named) => {
    const problem = refusal(...argv);
    expect(problem).toMatchObject({ code, exit: 2 });
    expect(problem.message).toContain(named);
    expect(problem.remedy).not.toBe('');
  });

  test.each([
    [['host'], 'missing-argument', 'interlock host status'],
    [['show'], 'missing-argument', 'interlock show --help'],
    [['add', '  '], 'missing-argument', 'interlock add --help'],
    [['add', 'Fix', 'the', 'login'], 'too-many-arguments', 'quotes'],
    [['list', 'DEMO-1'], 'too-many-arguments', 'interlock list --help'],
    [['add', 'x', '--id'], 'missing-value', '--id ID'],
    [['add', 'x', '--id', '--json'], 'missing-value', '--id=ID'],
    [['add', 'x', '--id='], 'missing-value', '--id ID'],
    [['list', '--json=yes'], 'unexpected-value', '--json'],
    [['list', '--constructor'], 'unknown-option', 'interlock list --help'],
  ])('%j', (argv, code, remedy) => {
    const problem = refusal(...argv);
    expect(problem).toMatchObject({ code, exit: 2 });
    expect(problem.remedy).toContain(remedy);
  });

  test('a word that is near nothing gets no guess', () => {
    expect(refusal('frobnicate').message).not.toContain('Did you mean');
  });
});
