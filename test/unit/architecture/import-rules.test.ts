import { join } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

/** Lints one line as if it stood in that file; the rules that need types are off, they have no part in this. */
async function importErrors(file: string, line: string): Promise<string[]> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: {
      languageOptions: { parserOptions: { projectService: false } },
      rules: {
        '@typescript-eslint/no-floating-promises': 'off',
        '@typescript-eslint/no-misused-promises': 'off',
        '@typescript-eslint/await-thenable': 'off',
        '@typescript-eslint/switch-exhaustiveness-check': 'off',
        '@typescript-eslint/consistent-type-imports': 'off',
        '@typescript-eslint/no-unused-vars': 'off',
      },
    },
  });
  const [result] = await eslint.lintText(`${line}\n`, { filePath: join(root, file) });
  if (!result) throw new Error(`eslint did not look at ${file}`);
  return result.messages.map((message) => `${message.ruleId}: ${message.message}`);
}

describe('a forbidden import is refused, with the reason', () => {
  it.each([
    ['extension/pipeline/x.ts', `import * as vscode from 'vscode';`, 'Only extension/ui'],
    ['extension/pipeline/x.ts', `import type { Uri } from 'vscode';`, 'Only extension/ui'],
    ['extension/pipeline/x.ts', `import { readFile } from 'node:fs/promises';`, 'gets its I/O as arguments'],
    ['extension/pipeline/x.ts', `import { spawn } from 'child_process';`, 'gets its I/O as arguments'],
    ['extension/pipeline/x.ts', `import { tree } from '../ui/tree';`, 'never the other way round'],
    ['extension/ledger/x.ts', `import { window } from 'vscode';`, 'Only extension/ui'],
    ['extension/cli.ts', `import { window } from 'vscode';`, 'Only extension/ui'],
    [
      'extension/host/x.ts',
      `import { supervise } from '../../runner-host/supervisor/supervise';`,
      'by its protocol alone',
    ],
    [
      'extension/ui/x.ts',
      `import { supervise } from '../../runner-host/supervisor/supervise';`,
      'by its protocol alone',
    ],
    ['extension/config/x.ts', `import { Message } from '../../webview/protocol';`, 'Only ui/ talks to the webviews'],
    [
      'runner-host/main.ts',
      `import { openLedger } from '../extension/ledger/open-ledger';`,
      'never imports the side that decides',
    ],
    ['runner-host/main.ts', `import type { Uri } from 'vscode';`, 'Only extension/ui'],
    ['runner-host/protocol/x.ts', `import { z } from 'zod';`, 'zod alone'],
    ['runner-host/protocol/x.ts', `import { join } from 'node:path';`, 'zod alone'],
    ['runner-host/protocol/x.ts', `import { run } from '../runners/test-runner';`, 'zod alone'],
    [
      'webview/report/x.ts',
      `import type { Engine } from '../../extension/engine';`,
      'never imports the side that decides',
    ],
    [
      'webview/report/x.ts',
      `import { TestRunResult } from '../../runner-host/protocol/result';`,
      'webview/protocol.ts alone',
    ],
    ['extension/ui/x.ts', `export default 1;`, 'No default exports'],
  ])('%s: %s', async (file, line, why) => {
    expect((await importErrors(file, line)).join('\n')).toContain(why);
  });
});

describe('an allowed import is not refused', () => {
  it.each([
    ['extension/ui/x.ts', `import * as vscode from 'vscode';`],
    ['extension/extension.ts', `import * as vscode from 'vscode';`],
    ['extension/ui/x.ts', `import { Message } from '../../webview/protocol';`],
    ['extension/pipeline/x.ts', `import { TestRunResult } from '../../runner-host/protocol/result';`],
    ['extension/pipeline/x.ts', `import type { Ledger } from '../ledger/ledger';`],
    ['runner-host/main.ts', `import { TestRunSpec } from './protocol/run-spec';`],
    ['runner-host/protocol/x.ts', `import * as z from 'zod/mini';`],
  ])('%s: %s', async (file, line) => {
    expect(await importErrors(file, line)).toEqual([]);
  });
});

/** Compiles one line as if it stood in that file, with the options of the project's own tsconfig. */
function typeErrors(config: string, file: string, line: string): number[] {
  const path = join(root, config);
  const parsed = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path, ts.sys.readFile).config,
    ts.sys,
    join(path, '..'),
  );
  const options: ts.CompilerOptions = { ...parsed.options, composite: false, incremental: false, noEmit: true };
  const host = ts.createCompilerHost(options);
  const virtual = join(root, file);
  const { readFile, fileExists } = host;
  host.readFile = (name) => (name === virtual ? line : readFile(name));
  host.fileExists = (name) => name === virtual || fileExists(name);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === virtual ? ts.createSourceFile(name, line, ts.ScriptTarget.ES2023) : getSourceFile(name, ...rest);
  const program = ts.createProgram([virtual], options, host);
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(virtual)).map((diagnostic) => diagnostic.code);
}

const NO_SUCH_EXPORT = 2305;

describe('the compiler knows no vscode outside the UI, not even its types', () => {
  it.each([
    ['extension/tsconfig.json', 'extension/pipeline/x.ts'],
    ['runner-host/tsconfig.json', 'runner-host/x.ts'],
    ['runner-host/protocol/tsconfig.json', 'runner-host/protocol/x.ts'],
    ['webview/tsconfig.json', 'webview/x.ts'],
  ])('%s', (config, file) => {
    expect(typeErrors(config, file, `import type { Uri } from 'vscode';\nexport type A = Uri;\n`)).toContain(
      NO_SUCH_EXPORT,
    );
  });

  it('but the UI does', () => {
    expect(
      typeErrors(
        'extension/ui/tsconfig.json',
        'extension/ui/x.ts',
        `import type { Uri } from 'vscode';\nexport type A = Uri;\n`,
      ),
    ).toEqual([]);
  });
});
