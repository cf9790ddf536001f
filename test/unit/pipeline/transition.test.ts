import { describe, expect, it } from 'vitest';
import type { ItemRow } from '../../../extension/ledger/rows';
import { STAGES } from '../../../extension/pipeline/stages';
import { transition, type ItemEvent, type Step, type TransitionRules } from '../../../extension/pipeline/transition';
import { itemRow, reason, rules } from './rows';

function taken(item: ItemRow, event: ItemEvent, by: TransitionRules = rules()): Step & { ok: true } {
  const step = transition(item, event, by);
  if (!step.ok) throw new Error(step.reason.text);
  return step;
}

const pass: ItemEvent = { type: 'pass', verdict: 'PASS', run: 'r1', reason: reason('tests-passed') };
const fail: ItemEvent = { type: 'fail', run: 'r1', reason: reason('tests-failed') };
const transient: ItemEvent = { type: 'transient', run: 'r1', reason: reason('timeout') };
const release: ItemEvent = { type: 'release', reason: reason('released') };

describe('an open gate', () => {
  it('moves the item to the next stage of the project', () => {
    expect(taken(itemRow(), pass)).toMatchObject({ outcome: 'advanced', item: { stage: 'deploy-staging', rev: 5 } });
    expect(taken(itemRow(), pass, rules({ stages: ['development', 'testing', 'merge', 'done'] })).item.stage).toBe(
      'merge',
    );
  });

  it('is refused where the project has no further stage', () => {
    expect(transition(itemRow(), pass, rules({ stages: ['development', 'testing'] }))).toMatchObject({ ok: false });
  });

  it('gives the infra budget back', () => {
    expect(taken(itemRow({ infra_retries: 2 }), pass).item.infra_retries).toBe(0);
  });
});

describe('findings', () => {
  const held = taken(itemRow(), { type: 'needs-person', run: 'r1', reason: reason('findings') });
  const acknowledge: ItemEvent = { type: 'acknowledge', run: 'r1', reason: reason('findings-acknowledged') };

  it('hold a green item where it stands, with an alert', () => {
    expect(held).toMatchObject({ outcome: 'held', item: { stage: 'testing', condition: 'held' }, hold: { run: 'r1' } });
    expect(held.transition).toMatchObject({ verdict: 'PASS', run: 'r1' });
    expect(held.alert).toMatchObject({ code: 'findings' });
  });

  it('that were acknowledged leave it ready at the same stage, at no cost and with no fresh budget', () => {
    const step = taken({ ...held.item, developer_retries: 2 }, acknowledge);
    expect(step).toMatchObject({ outcome: 'acknowledged', hold: null });
    expect(step.item).toMatchObject({ stage: 'testing', condition: 'ready', developer_retries: 2 });
    expect(step.transition).toMatchObject({ run: 'r1', verdict: null });
  });

  it('cannot be acknowledged where nothing is held', () => {
    expect(transition(itemRow(), acknowledge, rules())).toMatchObject({ ok: false });
  });
});

describe('a FAIL verdict', () => {
  it('sends the item back to development and costs one developer retry', () => {
    const step = taken(itemRow(), fail);
    expect(step).toMatchObject({
      outcome: 'rolled-back',
      item: { stage: 'development', developer_retries: 1, condition: 'waiting' },
    });
    expect(step.transition).toMatchObject({
      from_stage: 'testing',
      to_stage: 'development',
      verdict: 'FAIL',
      run: 'r1',
    });
    expect(step.alert).toBeUndefined();
  });

  it('holds the item, with an alert, once the developer budget is spent', () => {
    const step = taken(itemRow({ developer_retries: 3 }), fail);
    expect(step).toMatchObject({ outcome: 'held', item: { stage: 'development', condition: 'held' } });
    expect(step.hold).toMatchObject({ code: 'developer-budget-spent' });
    expect(step.alert).toMatchObject({ code: 'developer-budget-spent' });
    expect(step.transition).toMatchObject({ from_stage: 'testing', verdict: 'FAIL' });
  });

  it('holds the item where the project has no development stage', () => {
    const step = taken(itemRow(), fail, rules({ stages: ['testing', 'merge', 'done'] }));
    expect(step).toMatchObject({ outcome: 'held', item: { stage: 'testing' } });
  });
});

describe('infra', () => {
  it('defers with a growing back-off and never costs a developer retry', () => {
    const delays = [0, 1, 2].map((infra_retries) => {
      const step = taken(itemRow({ infra_retries }), transient);
      expect(step).toMatchObject({
        outcome: 'deferred',
        item: { stage: 'testing', developer_retries: 0, turn: 'timer' },
      });
      return (step.item.next_at ?? 0) - 1_000_000;
    });
    expect(delays).toEqual([30_000, 120_000, 480_000]);
  });

  it('holds with an alert once the infra budget is spent', () => {
    const step = taken(itemRow({ infra_retries: 3 }), transient);
    expect(step).toMatchObject({ outcome: 'held', item: { stage: 'testing', developer_retries: 0 } });
    expect(step.alert).toBeDefined();
  });

  it('that is permanent holds at once and burns no retry', () => {
    const step = taken(itemRow(), { type: 'permanent', run: 'r1', reason: reason('command-not-found') });
    expect(step).toMatchObject({ outcome: 'held', item: { infra_retries: 0, developer_retries: 0, stage: 'testing' } });
    expect(step.alert).toBeDefined();
  });

  it('a cancelled run costs nothing and leaves the item ready', () => {
    const step = taken(itemRow({ condition: 'running' }), {
      type: 'cancelled',
      run: 'r1',
      reason: reason('cancelled'),
    });
    expect(step).toMatchObject({
      outcome: 'waiting',
      item: { condition: 'ready', infra_retries: 0, developer_retries: 0 },
    });
  });
});

describe('a held item', () => {
  const held = itemRow({ condition: 'held', developer_retries: 3, infra_retries: 3 });

  it.each([
    pass,
    fail,
    transient,
    { type: 'run-started', run: 'r2' } as const,
    { type: 'wait', reason: reason('x') } as const,
  ])('takes no evidence: $type', (event) => {
    expect(transition(held, event, rules())).toMatchObject({ ok: false, reason: { code: 'illegal-transition' } });
  });

  it('is released at its stage with fresh budgets', () => {
    const step = taken(held, release);
    expect(step.item).toMatchObject({ stage: 'testing', condition: 'ready', developer_retries: 0, infra_retries: 0 });
    expect(step.hold).toBeNull();
  });
});

describe('release of an item that is not held', () => {
  it.each(STAGES.filter((stage) => stage.movableByPerson))("moves $name on as the person's decision", ({ name }) => {
    expect(taken(itemRow({ stage: name, condition: 'waiting' }), release)).toMatchObject({ outcome: 'advanced' });
  });

  it.each(['testing', 'merge'])('is refused at %s, which evidence decides', (stage) => {
    expect(transition(itemRow({ stage }), release, rules())).toMatchObject({
      ok: false,
      reason: { code: 'nothing-to-release' },
    });
  });
});

describe('send-back', () => {
  const sendBack: ItemEvent = { type: 'send-back', reason: reason('sent-back') };

  it('moves to development at no cost', () => {
    expect(taken(itemRow({ stage: 'merge' }), sendBack).item).toMatchObject({
      stage: 'development',
      developer_retries: 0,
    });
  });

  it('lifts a hold', () => {
    expect(taken(itemRow({ condition: 'held' }), sendBack).hold).toBeNull();
  });

  it('is refused while a run is going, and where the item stands there already', () => {
    expect(transition(itemRow({ condition: 'running' }), sendBack, rules()).ok).toBe(false);
    expect(transition(itemRow({ stage: 'development', condition: 'waiting' }), sendBack, rules()).ok).toBe(false);
  });
});

it('takes nothing once it is done', () => {
  for (const event of [pass, fail, transient, release]) {
    expect(transition(itemRow({ stage: 'done', condition: 'done' }), event, rules()).ok).toBe(false);
  }
});

it('says of every state why, whose turn it is and what happens next, and counts one revision a step', () => {
  const events: ItemEvent[] = [
    pass,
    fail,
    transient,
    { type: 'run-started', run: 'r1' },
    { type: 'hold', reason: reason('held-by-person') },
    { type: 'wait', reason: { ...reason('waiting'), remedy: 'do this' } },
  ];
  for (const event of events) {
    const step = taken(itemRow(), event);
    expect(step.item.reason).not.toBe('');
    expect(step.item.turn).not.toBe('');
    expect(step.item.next_action).not.toBe('');
    expect(step.item.rev).toBe(5);
    expect(step.transition.id).toBe('DEMO-1#5');
  }
});
