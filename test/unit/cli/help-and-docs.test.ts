import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMAND_NAMES, COMMANDS, GLOBAL_OPTIONS, type CommandSpec } from '../../../extension/cli/command-specs';
import { EXIT } from '../../../extension/cli/exit-codes';
import { usage } from '../../../extension/cli/help';
import { HELP } from '../../../extension/cli/help-texts';
import {
  actView,
  holdView,
  itemView,
  leaseView,
  runView,
  transitionView,
  verdictView,
} from '../../../extension/cli/json-views';
import { parseArguments } from '../../../extension/cli/parse-arguments';
import { run } from './fake-world';
import { itemRow, NOW, runReport, transitionRow } from './rows';

const DOCS = readFileSync(`${import.meta.dirname}/../../../docs/cli.md`, 'utf8');
const optionsOf = (name: keyof typeof COMMANDS): string[] => Object.keys((COMMANDS[name] as CommandSpec).options);

/** The part of the document below a heading, up to the next one. */
function section(heading: string): string {
  const [, after = ''] = DOCS.split(`\n${heading}`);
  return after.split(/\n#{2,3} /)[0] ?? '';
}

describe('docs/cli.md', () => {
  test.each(COMMAND_NAMES)('has a heading with the very usage of "%s"', (name) => {
    expect(DOCS).toContain(`\n### \`${usage(name)}\`\n`);
  });

  test('names no command and no option that the parser does not know', () => {
    const headings = [...DOCS.matchAll(/^### `(interlock .*)`$/gm)].map(([, text]) => text);
    expect(headings.sort()).toEqual(COMMAND_NAMES.map(usage).sort());
    const known = new Set([...Object.keys(GLOBAL_OPTIONS), ...COMMAND_NAMES.flatMap(optionsOf)]);
    const named = [...DOCS.matchAll(/`(?:-\w`, `)?--([a-z-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => name !== undefined && name !== '' && !known.has(name))).toEqual([]);
  });

  test.each(Object.keys(GLOBAL_OPTIONS))('explains --%s', (name) => {
    expect(section('## Options of every command')).toContain(`--${name}`);
  });

  test('has every exit code, and no other', () => {
    const codes = [...section('## Exit codes').matchAll(/^\| (\d)\s*\|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });

  test('names every key of every JSON shape', () => {
    const { run: row, verdict } = runReport();
    const hold = { item: 'A', code: '', reason: '', remedy: '', actor: '', run: null, at: NOW };
    const lease = {
      item: 'A',
      token: '',
      host: '',
      boot_id: '',
      pid_namespace: '',
      pid: 1,
      start_time: '',
      actor: '',
      at: NOW,
    };
    const shapes = {
      Item: itemView(itemRow()),
      Hold: holdView(hold),
      Lease: leaseView(lease),
      Run: runView(row, verdict),
      Verdict: verdict && verdictView(verdict),
      Transition: transitionView(transitionRow()),
      Act: actView({ at: NOW, actor: '', act: 'landed', item: 'A', base: null, run: null, reason: '', evidence: '' }),
    };
    const documented = Object.keys(shapes).map((shape) => {
      const keys = new RegExp(`^\\| ${shape}\\s*\\| (.*) \\|$`, 'm').exec(DOCS)?.[1] ?? '';
      return [shape, [...keys.matchAll(/`(\w+)`/g)].map(([, key]) => key).filter((key) => key !== 'null')];
    });
    expect(Object.fromEntries(documented)).toEqual(
      Object.fromEntries(Object.entries(shapes).map(([shape, value]) => [shape, Object.keys(value ?? {})])),
    );
  });
});

describe('--help', () => {
  test.each(COMMAND_NAMES)('of "%s" has usage, every option, exit codes and an example', async (name) => {
    const { exit, out } = await run(`${name} --help`);
    expect(exit).toBe(0);
    expect(out).toContain(`Usage: ${usage(name)}`);
    for (const option of [...optionsOf(name), ...Object.keys(GLOBAL_OPTIONS)]) {
      const row = out.split('\n').find((text) => text.includes(` --${option}`) && text.startsWith('  '));
      expect([option, row?.trim().split(/\s{2,}/).length]).toEqual([option, 2]);
    }
    for (const code of HELP.commands[name].exits) expect(out).toMatch(new RegExp(`^  ${code}  \\S`, 'm'));
    expect(out).toContain(HELP.commands[name].example);
  });

  test.each(COMMAND_NAMES)('of "%s" gives an example that the parser takes', (name) => {
    const [first = ''] = HELP.commands[name].example.split(' && ');
    const words = [...first.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    expect(words[0]).toBe('interlock');
    expect(parseArguments(words.slice(1)).command).toBe(name);
  });

  test('without a command lists all commands', async () => {
    const { out } = await run('--help');
    for (const name of COMMAND_NAMES) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test('fits an 80-column terminal as far as its own lines go', async () => {
    const { out } = await run('--help');
    expect(out.split('\n').filter((text) => text.length > 100)).toEqual([]);
  });
});
