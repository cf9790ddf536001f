import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isMusl, nativeFileName } from '../../../runner-host/shim/native-file';
import { root } from '../../setup/step.mjs';

/** The smallest project that esbuild.mjs can build: its own entries, nothing behind them. */
const SOURCES = {
  'extension/extension.ts': `import * as vscode from 'vscode';\nexport const activate = () => vscode.window;`,
  'extension/cli.ts': `#!/usr/bin/env node\nconsole.log('cli');`,
  'runner-host/main.ts': `console.log('host');`,
  'runner-host/shim/main.ts': `console.log('shim');`,
  'runner-host/ssh/connect/ssh2-module.ts': `import ssh2 from 'ssh2';\nexport const { Client } = ssh2;`,
  'webview/report/main.ts': `import './report.css';\ndocument.title = 'report';`,
  'webview/report/report.css': `body { margin: 0 }`,
  'webview/report/icons.json': `{ "pass": "green" }`,
  'package.json': '{}',
  'package-lock.json': '{}',
};

let folder: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const build = (...options: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['esbuild.mjs', '--production', ...options], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-build-'));
  cpSync(join(root, 'esbuild.mjs'), join(folder, 'esbuild.mjs'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const [path, text] of Object.entries(SOURCES)) write(path, text);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the build', () => {
  it('makes one bundle for each process, and copies sql.js beside them', () => {
    expect(build()).toMatchObject({ status: 0 });
    const files = [
      'extension.js',
      'cli.js',
      'runner-host.js',
      'shim.js',
      'ssh2.js',
      `${nativeFileName(process.platform, process.arch, isMusl())}.br`,
      'sql-wasm.js',
      'sql-wasm.wasm',
      'THIRD-PARTY-LICENSES.txt',
    ];
    const webview = ['report.js', 'report.css', 'codicon.css', 'codicon.ttf'].map((file) => `webview/${file}`);
    for (const file of [...files, ...webview]) expect(existsSync(join(folder, 'dist', file)), file).toBe(true);
    expect(readFileSync(join(folder, 'dist', 'cli.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('refuses vscode in a process that has none', () => {
    write('runner-host/main.ts', `import * as vscode from 'vscode';\nconsole.log(vscode);`);
    expect(build()).toEqual({ status: 1, output: expect.stringContaining(`"vscode"`) });
  });

  it('refuses the deciding side inside the runner host', () => {
    write('extension/decide.ts', `export const decide = () => 1;`);
    write('runner-host/main.ts', `import { decide } from '../extension/decide';\nconsole.log(decide());`);
    const { status, output } = build();
    expect(output).toContain('runner host: extension/decide.ts must not be part of it');
    expect(status).toBe(1);
  });

  it('refuses sql.js inside a bundle', () => {
    write('extension/cli.ts', `import initSqlJs from 'sql.js';\nvoid initSqlJs();`);
    const { status, output } = build();
    expect(output).toMatch(/cli: .*node_modules\/sql\.js\/.* must not be part of it/);
    expect(status).toBe(1);
  });

  it('keeps of the icon font what the panels name, and knows every name', () => {
    expect(build()).toMatchObject({ status: 0 });
    const css = readFileSync(join(folder, 'dist', 'webview', 'codicon.css'), 'utf8');
    expect([...css.matchAll(/^\.codicon-([\w-]+):before/gm)].map(([, name]) => name)).toEqual(['pass']);
    write('webview/report/icons.json', '{ "no-such-icon": "" }');
    expect(build()).toMatchObject({ status: 1, output: expect.stringContaining('there is no codicon no-such-icon') });
  });

  it('refuses a missing entry', () => {
    rmSync(join(folder, 'runner-host/main.ts'));
    const { status, output } = build();
    expect(output).toContain('Could not resolve "runner-host/main.ts"');
    expect(status).toBe(1);
  });

  it('builds again only when a source has changed or the last build failed', () => {
    expect(build('--if-needed').output).toContain('dist/extension.js');
    expect(build('--if-needed').output).toContain('up to date');
    write('extension/cli.ts', `console.log(`);
    expect(build('--if-needed').status).toBe(1);
    write('extension/cli.ts', SOURCES['extension/cli.ts']);
    expect(build('--if-needed').output).toContain('dist/extension.js');
  });

  it('builds again when a file of the last build is gone', () => {
    build();
    rmSync(join(folder, 'dist', 'cli.js'));
    build('--if-needed');
    expect(existsSync(join(folder, 'dist', 'cli.js'))).toBe(true);
  });

  it('keeps what the extension imports later out of the file that VS Code reads at its start', () => {
    write('extension/later.ts', `export const later = () => 'the later part';`);
    write('extension/extension.ts', `export const activate = async () => (await import('./later')).later();`);
    expect(build()).toMatchObject({ status: 0 });
    const entry = join(folder, 'dist', 'extension.js');
    expect(readFileSync(entry, 'utf8')).not.toContain('the later part');
    const run = `require(${JSON.stringify(entry)}).activate().then(console.log)`;
    expect(spawnSync(process.execPath, ['-e', run], { encoding: 'utf8' }).stdout).toBe('the later part\n');
  });

  it('accepts no warning', () => {
    write('extension/cli.ts', `console.log(import.meta.url);`);
    const { status, output } = build();
    expect(output).toContain('cli.js: a warning is not accepted');
    expect(status).toBe(1);
  });

  it('removes what an earlier build left', () => {
    build();
    write('dist/old.js', '');
    build();
    expect(existsSync(join(folder, 'dist', 'old.js'))).toBe(false);
  });
});
