import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { artifactState } from '../../../extension/ui/panels/artifact-state';
import { panelHtml } from '../../../extension/ui/panels/panel-html';
import { anArtifact, aReport, readsOf } from './rows';

describe('the page of the panel', () => {
  const html = panelHtml({
    source: 'https://files',
    nonce: 'abc',
    script: 'https://files/r.js',
    styles: ['https://files/r.css'],
    title: 'T',
  });
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';

  it('lets nothing run or load but its own files', () => {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'nonce-abc'");
    expect(policy).not.toMatch(/unsafe|\*|data:/);
  });

  it('has no inline script, style or handler', () => {
    expect(html).not.toMatch(/<style|style=|\son\w+=|javascript:/);
    expect([...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual([
      '<script nonce="abc" src="https://files/r.js">',
    ]);
  });
});

describe('the report file in the worktree', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ilk-artifact-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const sha256 = createHash('sha256').update('as written').digest('hex');
  const read = readsOf({ artifacts: [anArtifact({ sha256 })] });
  const stateOf = (name: string, content: string | null) => {
    const artifact = join(folder, name);
    if (content !== null) writeFileSync(artifact, content);
    return artifactState(aReport({ artifact }), read);
  };

  it('is unchanged only byte for byte', async () => {
    expect(await stateOf('same', 'as written')).toEqual({ state: 'unchanged' });
    expect(await stateOf('edited', 'as written ')).toEqual({ state: 'edited' });
  });

  it('is taken for edited above the size that the gate reads, whatever its hash', async () => {
    const huge = Buffer.alloc(1024 * 1024 + 1);
    const artifact = join(folder, 'huge');
    writeFileSync(artifact, huge);
    const known = readsOf({ artifacts: [anArtifact({ sha256: createHash('sha256').update(huge).digest('hex') })] });
    expect(await artifactState(aReport({ artifact }), known)).toEqual({ state: 'edited' });
  });

  it('is told apart from one that is missing or cannot be read', async () => {
    expect(await stateOf('gone', null)).toEqual({ state: 'missing' });
    expect(await artifactState(aReport({ artifact: join(folder, 'same', 'below-a-file') }), read)).toEqual({
      state: 'unreadable',
    });
    expect(await artifactState(aReport({ artifact: null }), read)).toEqual({ state: 'none' });
  });
});
