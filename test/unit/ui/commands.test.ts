import { describe, expect, it } from 'vitest';
import { pickGroups } from '../../../extension/ui/commands/pick-model';
import * as messages from '../../../extension/ui/messages';
import { anItem, aTransition, NOW } from './rows';

describe('the list of items to choose from', () => {
  it('is grouped by how the items stand, with stage and reason', () => {
    const items = [
      anItem({ id: 'DEMO-10' }),
      anItem({ id: 'DEMO-2' }),
      anItem({ id: 'DEMO-3', condition: 'held', reason: 'command not found' }),
      anItem({ id: 'DEMO-4', condition: 'done' }),
    ];
    const groups = pickGroups({ items, moveOf: () => undefined });
    expect(groups.map(({ label, rows }) => [label, rows.map(({ item }) => item)])).toEqual([
      ['Ready', ['DEMO-2', 'DEMO-10']],
      ['Held', ['DEMO-3']],
      ['Done', ['DEMO-4']],
    ]);
    expect(groups[1]?.rows[0]).toMatchObject({ description: 'testing', detail: 'command not found' });
  });

  it('shows a red item as red', () => {
    const items = [anItem({ condition: 'waiting', stage: 'development' })];
    const [group] = pickGroups({ items, moveOf: () => aTransition() });
    expect(group?.rows[0]?.label).toContain('$(error)');
  });
});

describe('what a person is told', () => {
  const report = {
    item: 'DEMO-1',
    from: 'testing',
    to: 'testing',
    outcome: 'refused',
    verdict: null,
    result: null,
    reason: { code: 'forged-or-stale', text: 'the report does not count', remedy: 'git rm it' },
    run: null,
  } as const;

  it('names gate, facts and remedy of a refusal in one message', () => {
    expect(messages.refusedAdvance(report)).toBe(
      'DEMO-1 was not advanced: the gate of testing is closed (forged-or-stale). The report does not count. Git rm it.',
    );
  });

  it('never says that an infra failure is the code’s fault', () => {
    expect(messages.deferred({ ...report, outcome: 'deferred' })).toContain('says nothing about its code');
  });

  it('makes one sentence of a clause, whatever it holds', () => {
    expect(messages.sentence('exit code 1\nand more')).toBe('Exit code 1 and more.');
    expect(messages.sentence('done.')).toBe('done.'.replace('d', 'D'));
    expect(messages.sentence('')).toBe('');
  });

  it('answers why with reason, age, turn, next step and evidence', () => {
    const text = messages.whyDetail(
      {
        item: 'DEMO-1',
        stage: 'testing',
        condition: 'deferred',
        reason: { code: 'timeout', text: 'the suite took longer than 15m', remedy: '' },
        since: NOW - 120_000,
        turn: 'timer',
        nextAction: 'Infra retry 1 of 3',
        nextAt: NOW + 60_000,
        evidence: ['last run r1: infra: timeout'],
      },
      NOW,
    );
    expect(text.split('\n')).toEqual([
      'The suite took longer than 15m.',
      'Since 11:58 (2m).',
      'Turn: the timer.',
      'Next: Infra retry 1 of 3.',
      'Tries again at 12:01.',
      '• last run r1: infra: timeout',
    ]);
  });

  it('shows whose lease it is, since when, and what taking it away does', () => {
    const identity = { host: 'box', boot_id: 'b', pid_namespace: 'p', pid: 7, start_time: '1' };
    const lease = { item: 'DEMO-1', token: 'SECRET', actor: 'cli:Bob', at: NOW - 120_000, ...identity };
    const owner = { lease, pastCeiling: false };
    const told = (['dead', 'unknown', 'alive'] as const).map((liveness) => ({
      heading: messages.leaseHeading('DEMO-1', { ...owner, liveness }),
      detail: messages.leaseDetail({ ...owner, liveness }, NOW),
    }));
    for (const { detail } of told) {
      for (const fact of ['cli:Bob', 'process 7 on box', '11:58 (2m)']) expect(detail).toContain(fact);
      expect(detail).not.toContain('SECRET');
    }
    expect(told.map(({ heading }) => heading)).toEqual([
      'The lease of DEMO-1 belongs to a process that is gone.',
      'Nobody here can say whether the owner of the lease of DEMO-1 still lives.',
      'cli:Bob is advancing DEMO-1, and the process is alive.',
    ]);
    expect(told[2]?.detail).toContain('end process 7');
  });

  it('says how the status is, in words that fit one and many', () => {
    const counts = { items: 1, running: 0, deferred: 0, held: 0, needsPerson: 0 };
    expect(messages.statusCounts(counts)).toBe('1 item');
    expect(messages.statusCounts({ ...counts, needsPerson: 2 })).toBe('2 need you');
    expect(messages.badge(1)).toBe('1 work item needs a person');
  });
});
