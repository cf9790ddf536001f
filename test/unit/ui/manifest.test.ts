import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

const root = join(import.meta.dirname, '..', '..', '..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const Menu = z.array(z.object({ command: z.string(), when: z.string() }));
const Manifest = z.object({
  activationEvents: z.array(z.string()),
  extensionKind: z.array(z.string()),
  capabilities: z.object({
    untrustedWorkspaces: z.object({ supported: z.string(), description: z.string() }),
    virtualWorkspaces: z.object({ supported: z.boolean() }),
  }),
  contributes: z.object({
    commands: z.array(z.object({ command: z.string(), category: z.string(), enablement: z.optional(z.string()) })),
    menus: z.record(z.string(), Menu),
    viewsWelcome: z.array(z.object({ contents: z.string(), when: z.string() })),
    configuration: z.object({
      properties: z.record(
        z.string(),
        z.object({ order: z.number(), scope: z.string(), markdownDescription: z.string() }),
      ),
    }),
    jsonValidation: z.array(z.object({ url: z.string() })),
  }),
});
const raw = text('package.json');
const manifest = Manifest.parse(JSON.parse(raw));
const words = z.record(z.string(), z.string()).parse(JSON.parse(text('package.nls.json')));
const sources = globSync('extension/ui/**/*.ts', { cwd: root }).map(text).join('\n');

describe('the manifest', () => {
  it('starts the extension for a repository that uses it, never for every window', () => {
    expect(manifest.activationEvents).toContain('workspaceContains:interlock.json');
    expect(manifest.activationEvents.filter((event) => event === '*' || event === 'onStartupFinished')).toEqual([]);
  });

  it('runs where the files are, and starts nothing in an untrusted folder', () => {
    expect(manifest.extensionKind).toEqual(['workspace']);
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
    expect(manifest.capabilities.virtualWorkspaces.supported).toBe(false);
  });

  it('has a text for every key, and no text without one', () => {
    const used = new Set([...raw.matchAll(/"%([\w.]+)%"/g)].map((found) => found[1]));
    expect(Object.keys(words).filter((key) => !used.has(key))).toEqual([]);
    expect([...used].filter((key) => key !== undefined && words[key] === undefined)).toEqual([]);
  });

  it('declares exactly the commands that are registered', () => {
    const registered = new Set(
      [...text('extension/ui/commands/register-commands.ts').matchAll(/^ {2}(\w+)(?:,|: )/gm)].map((found) => found[1]),
    );
    for (const extra of ['silence', 'showOutput']) registered.add(extra);
    const declared = manifest.contributes.commands.map(({ command }) => command.replace('interlock.', ''));
    expect([...registered].sort()).toEqual(declared.sort());
  });

  it('lets texts, menus and code call only commands that exist', () => {
    const known = manifest.contributes.commands.map(({ command }) => command);
    const called = [
      ...(raw + text('package.nls.json') + sources).matchAll(
        /(?:command:|command: '|executeCommand\('|"command": ")(interlock\.\w+)\b(?!\.focus)/g,
      ),
    ];
    expect(called.length).toBeGreaterThan(30);
    expect(called.map((found) => found[1] ?? '').filter((name) => !known.includes(name))).toEqual([]);
  });

  it('keeps every command that starts something from an untrusted workspace', () => {
    const open = manifest.contributes.commands.filter(
      ({ enablement = '' }) =>
        !enablement.includes('isWorkspaceTrusted') && !enablement.includes('interlock.state == ready'),
    );
    expect(open.map(({ command }) => command)).toEqual([
      'interlock.showOutput',
      'interlock.showMore',
      'interlock.silence',
    ]);
  });

  it('explains every state in which the view is empty', () => {
    const states = [...text('extension/ui/window-state.ts').matchAll(/^ {2}\| '([\w-]+)'/gm)].map((found) => found[1]);
    const explained = manifest.contributes.viewsWelcome.map(({ when }) => when).join(' ');
    const byVsCode = ['untrusted', 'no-folder'];
    expect(states.length).toBeGreaterThan(10);
    expect(
      states.filter((state) => state !== undefined && !byVsCode.includes(state) && !explained.includes(`== ${state}`)),
    ).toEqual([]);
    expect(explained).toContain('!isWorkspaceTrusted');
    expect(explained).toContain('workspaceFolderCount == 0');
  });

  it('reads only settings that are declared, and declares none that nobody reads', () => {
    const read = new Set(
      [...sources.matchAll(/getConfiguration\('interlock'\)\s*\.get\('([\w.]+)'\)/g)].map(
        (found) => `interlock.${found[1]}`,
      ),
    );
    expect([...read].sort()).toEqual(Object.keys(manifest.contributes.configuration.properties).sort());
  });

  it('points to files that exist', () => {
    const files = [...raw.matchAll(/"(?:\.\/)?(extension\/[\w./-]+\.(?:svg|png|json))"/g)].map(
      (found) => found[1] ?? '',
    );
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('has an icon of at least 256 pixels', () => {
    const png = readFileSync(join(root, 'extension', 'ui', 'media', 'icon.png'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([256, 256]);
  });
});

describe('the texts for people', () => {
  it('stand in one file: no other file of the UI shows a literal', () => {
    const showing = /show(?:Information|Warning|Error)Message\(\s*['"`]|placeHolder: ['"`]|prompt: ['"`]/;
    const offenders = globSync('extension/ui/**/*.ts', { cwd: root }).filter((path) => showing.test(text(path)));
    expect(offenders).toEqual([]);
  });
});
