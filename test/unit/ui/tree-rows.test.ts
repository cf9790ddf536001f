import { describe, expect, it } from 'vitest';
import { itemMark, itemRow, lastMove, needsPerson, type ItemFacts } from '../../../extension/ui/tree/item-row';
import { artifactRow, jobRow, runRow } from '../../../extension/ui/tree/run-row';
import { stageRow, stagesShown } from '../../../extension/ui/tree/stage-row';
import { anArtifact, anItem, aJob, aRun, aTransition, aVerdict, MINUTE, NOW, runId } from './rows';

const facts = (over: Partial<ItemFacts> = {}): ItemFacts => ({
  item: anItem(),
  move: undefined,
  activity: undefined,
  hasRun: false,
  leased: false,
  landed: false,
  now: NOW,
  ...over,
});

describe('the line of a work item', () => {
  it('says stage and state in words, never by colour alone', () => {
    for (const condition of ['ready', 'running', 'waiting', 'deferred', 'held', 'done']) {
      const item = anItem({ condition, next_at: NOW + MINUTE });
      const row = itemRow(facts({ item }));
      const { word } = itemMark({ item, move: undefined, activity: undefined });
      expect(row.description).toContain(word);
      expect(row.spoken).toContain(word);
    }
  });

  it('tells why a held item stands and since when', () => {
    const item = anItem({ condition: 'held', reason: 'command not found: pytst', since: NOW - 65 * MINUTE });
    expect(itemRow(facts({ item })).description).toBe('testing · held 1h · command not found: pytst');
  });

  it('tells when a deferred item is tried again', () => {
    const item = anItem({ condition: 'deferred', reason: 'timed out', next_at: NOW + 2 * MINUTE });
    expect(itemRow(facts({ item })).description).toBe('testing · deferred, retry 12:02 · timed out');
  });

  it('shows the place in the queue while a run waits for its turn', () => {
    const item = anItem({ condition: 'running' });
    const activity = { run: runId(9), state: 'queued' as const, position: 2 };
    expect(itemRow(facts({ item, activity })).description).toBe('testing · queued, position 2');
  });

  it('stays red after a FAIL sent it back, until it has moved on', () => {
    const item = anItem({ stage: 'development', condition: 'waiting', reason: '1 of 3 tests failed' });
    const red = itemRow(facts({ item, move: aTransition() }));
    expect(red.description).toBe('development · FAIL 3m · 1 of 3 tests failed');
    expect(red.colour).toBe('testing.iconFailed');
    expect(itemRow(facts({ item, move: aTransition({ verdict: null }) })).description).toContain('waiting');
  });

  it('keeps the colour of the last move when later transitions stay at the stage', () => {
    const moves = [
      aTransition({ rev: 2 }),
      aTransition({ rev: 3, from_stage: 'development', outcome: 'waiting', verdict: null }),
    ];
    expect(lastMove(moves)?.rev).toBe(2);
  });

  it('offers to release a lease only where there is one', () => {
    expect(itemRow(facts({ leased: true })).context).toContain('hasLease');
    expect(itemRow(facts()).context).not.toContain('hasLease');
  });

  it('offers to acknowledge findings only where the item is held for them', () => {
    const context = (over: Parameters<typeof anItem>[0]) => itemRow(facts({ item: anItem(over) })).context;
    expect(context({ condition: 'held', reason_code: 'findings' })).toContain('hasFindings');
    expect(context({ condition: 'held', reason_code: 'flaky' })).not.toContain('hasFindings');
    expect(context({ condition: 'ready', reason_code: 'findings' })).not.toContain('hasFindings');
  });

  it('offers a look at the staging host where the item waits for it', () => {
    const context = (over: Parameters<typeof anItem>[0]) => itemRow(facts({ item: anItem(over) })).context;
    for (const condition of ['ready', 'deferred', 'held'])
      expect(context({ condition, stage: 'deploy-staging' })).toContain('onStaging');
    expect(context({ condition: 'running', stage: 'deploy-staging' })).not.toContain('onStaging');
    expect(context({ condition: 'held' })).not.toContain('onStaging');
  });

  it('keeps foreign text on one line', () => {
    const item = anItem({ condition: 'held', title: 'a\nb\u001b[31m', reason: 'x\r\ny' });
    const row = itemRow(facts({ item }));
    expect(row.label).toBe('DEMO-1 a b [31m');
    expect(row.description).toContain('x y');
  });

  it.each([
    ['ready', 'testing', ['canAdvance', 'canHold', 'canSendBack'], ['canRelease', 'canCancel']],
    ['waiting', 'review', ['canAdvance', 'canRelease', 'canSendBack'], ['canCancel']],
    ['running', 'testing', ['canCancel', 'canReport', 'canHold'], ['canAdvance', 'canRelease', 'canSendBack']],
    ['held', 'testing', ['canRelease', 'canSendBack'], ['canAdvance', 'canHold', 'canCancel']],
    ['done', 'done', [], ['canAdvance', 'canHold', 'canRelease', 'canSendBack', 'canCancel']],
  ])('offers what fits an item that is %s at %s', (condition, stage, offered, withheld) => {
    const tokens = itemRow(facts({ item: anItem({ condition, stage }) })).context.split(' ');
    expect(tokens).toEqual(expect.arrayContaining(['item', ...offered]));
    for (const token of withheld) expect(tokens).not.toContain(token);
  });

  it('counts held and red items as in need of a person, and no others', () => {
    expect(needsPerson(anItem({ condition: 'held' }), undefined)).toBe(true);
    expect(needsPerson(anItem({ condition: 'waiting' }), aTransition())).toBe(true);
    expect(needsPerson(anItem({ condition: 'waiting' }), undefined)).toBe(false);
    expect(needsPerson(anItem({ condition: 'running' }), aTransition())).toBe(false);
    expect(needsPerson(anItem({ condition: 'done' }), aTransition())).toBe(false);
  });
});

describe('the line of a stage', () => {
  const stages = ['development', 'review', 'testing', 'merge', 'done'];
  const row = (
    stage: string,
    transitions = [aTransition()],
    item = anItem({ stage: 'development', condition: 'waiting' }),
  ) =>
    stageRow({
      item,
      stage,
      stages,
      transitions,
      current: itemMark({ item, move: lastMove(transitions), activity: undefined }),
      hasChildren: false,
      now: NOW,
    });

  it('is red where a FAIL sent the item back', () => {
    expect(row('testing').description).toBe('FAIL · 3m');
    expect(row('testing').tooltip).toContain('1 of 3 tests failed');
  });

  it("waits for a fix where the item is back after a FAIL: the FAIL was another stage's", () => {
    expect(row('development').description).toBe('waiting for a fix · 3m');
  });

  it('says when a person moved it on instead of a gate', () => {
    const moved = aTransition({
      from_stage: 'development',
      to_stage: 'review',
      outcome: 'advanced',
      verdict: null,
      run: null,
    });
    const item = anItem({ stage: 'review', condition: 'waiting' });
    expect(row('development', [moved], item).description).toBe('moved on by person:Ann · 3m');
  });

  it('is green only with a PASS or a proven landing', () => {
    const item = anItem({ stage: 'done', condition: 'done' });
    const passed = aTransition({ to_stage: 'merge', outcome: 'advanced', verdict: 'PASS' });
    const landed = aTransition({
      from_stage: 'merge',
      to_stage: 'done',
      outcome: 'advanced',
      verdict: null,
      reason_code: 'landed',
    });
    expect(row('testing', [passed, landed], item).colour).toBe('testing.iconPassed');
    expect(row('merge', [passed, landed], item).colour).toBe('testing.iconPassed');
    expect(row('review', [passed, landed], item).description).toBe('skipped');
  });

  it('says what is not reached, and what has to be done again', () => {
    expect(row('merge').description).toBe('not reached');
    const reviewed = aTransition({
      rev: 1,
      from_stage: 'review',
      to_stage: 'testing',
      outcome: 'advanced',
      verdict: null,
    });
    expect(row('review', [reviewed, aTransition()]).description).toBe('not reached');
  });

  it('keeps a stage that interlock.json no longer has while an item stands there', () => {
    expect(stagesShown(['development', 'testing', 'done'], 'review')).toEqual([
      'development',
      'testing',
      'review',
      'done',
    ]);
  });
});

describe('the line of a run', () => {
  it('gives verdict, counts, time and age', () => {
    expect(runRow(aRun(), aVerdict(), 3, NOW).description).toBe('FAIL · 1 of 3 failed · 2.1 s · 5m');
  });

  it('never shows an infra failure as a red suite', () => {
    const row = runRow(aRun({ status: 'infra', cause: 'timeout', exit_code: null }), undefined, 1, NOW);
    expect(row.description).toContain('infra · timeout');
    expect(row.colour).not.toBe('testing.iconFailed');
  });

  it('tells a cancelled run from a broken one', () => {
    expect(runRow(aRun({ status: 'infra', cause: 'cancelled' }), undefined, 1, NOW).description).toContain('cancelled');
  });

  it('shows the exit code where no report counted the tests', () => {
    const verdict = aVerdict({ tests: null, failed: null, skipped: null });
    expect(runRow(aRun(), verdict, 1, NOW).description).toContain('exit code 1');
    expect(runRow(aRun({ exit_code: null, signal: 'SIGSEGV' }), verdict, 1, NOW).description).toContain(
      'signal SIGSEGV',
    );
  });

  it('can be cancelled while it has no result', () => {
    const row = jobRow(aJob(), { run: runId(9), state: 'stopping', position: null }, 2, NOW);
    expect(row.description).toBe('stopping · 1m');
    expect(row.context).toContain('canCancel');
  });

  it('ignores the activity of another run', () => {
    expect(jobRow(aJob(), { run: runId(3), state: 'queued', position: 4 }, 2, NOW).description).toBe('running · 1m');
  });

  it('names an artifact by its file', () => {
    expect(artifactRow(anArtifact(), NOW).label).toBe('13-test-report.md');
  });
});
