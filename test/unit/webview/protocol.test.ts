import { describe, expect, it } from 'vitest';
import { FromPanel, PANEL_VERSION, PanelState, ToPanel, type PanelTarget } from '../../../webview/protocol';
import { matching } from '../../../webview/report/failures';
import { announcement } from '../../../webview/report/page';

const target: PanelTarget = { version: PANEL_VERSION, repository: '/r/.git', item: 'DEMO-1', run: null };

describe('the messages of the panel', () => {
  it.each([
    [{ type: 'ready', version: 1 }, true],
    [{ type: 'open-file', file: 'a.js', line: 3 }, true],
    [{ type: 'open-file', file: 'a.js' }, false],
    [{ type: 'command', command: 'advance' }, true],
    [{ type: 'command', command: 'workbench.action.terminal.sendSequence' }, false],
    [{ type: 'command', command: 'verify-commit' }, true],
    [{ type: 'waive', finding: 'e'.repeat(64) }, true],
    [{ type: 'waive', finding: 'e'.repeat(201) }, false],
    [{ type: 'copy', text: 'x'.repeat(100_001) }, false],
    [{ type: 'show-run', run: 'r', extra: 1 }, false],
    ['ready', false],
    [null, false],
  ])('are taken only as they are agreed: %j', (message, accepted) => {
    expect(FromPanel.safeParse(message).success).toBe(accepted);
  });

  it('are refused by the panel when they are not whole', () => {
    expect(ToPanel.safeParse({ type: 'notice', target, heading: 'h', sentence: 's' }).success).toBe(true);
    expect(ToPanel.safeParse({ type: 'report', target }).success).toBe(false);
  });

  it('do not take what another version left behind', () => {
    expect(PanelState.safeParse({ target, filter: '' }).success).toBe(true);
    expect(PanelState.safeParse({ target: { ...target, version: PANEL_VERSION + 1 }, filter: '' }).success).toBe(false);
    expect(PanelState.safeParse({ item: 'DEMO-1' }).success).toBe(false);
  });
});

describe('the page', () => {
  const failure = (name: string, message: string) => ({
    suite: 's',
    name,
    outcome: 'failed' as const,
    duration: null,
    message,
    expected: null,
    actual: null,
    details: [],
    file: null,
    line: null,
  });

  it('filters by all words, in name or message', () => {
    const all = [failure('adds numbers', 'off by one'), failure('subtracts', 'boom')];
    expect(matching(all, 'ONE adds').map(({ name }) => name)).toEqual(['adds numbers']);
    expect(matching(all, '  ')).toHaveLength(2);
    expect(matching(all, 'adds boom')).toEqual([]);
  });

  it('announces how it stands, not how it looks', () => {
    expect(announcement({ type: 'notice', target, heading: 'No run yet', sentence: 'Wait.' })).toBe(
      'No run yet. Wait.',
    );
  });
});
