import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import initSqlJs from 'sql.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { openLedger } from '../../../extension/ledger/open-ledger';
import { recordProof } from '../../../extension/pipeline/prove/proof-record';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { commitFile, SAMPLE_CONFIG, sampleRepository, type SampleRepository } from '../rig/sample-repository';

const ann = { actor: 'person:ann' };
const SUITE = "const { test } = require('node:test');\ntest('adds', () => {});\n";
const REPORTERS = ['--test-reporter=junit', '--test-reporter-destination=report.xml'];

let sample: SampleRepository;
let engine: Engine;

/** A project whose suite is node:test, with this test section. */
async function open(test: object): Promise<void> {
  sample = sampleRepository({ ...SAMPLE_CONFIG, test: { timeout: '60s', grace: '1s', ...test } });
  commitFile(sample.root, 'test/sums.test.js', SUITE);
  engine = await openTestEngine(sample.root);
}

afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

const report = { format: 'junit', path: 'report.xml' };
const sighted = { command: ['node', '--test', ...REPORTERS], report };
const worktreesLeft = (): string[] => git(sample.root, 'worktree', 'list').split('\n').slice(1);

async function expectNothingLeft(): Promise<void> {
  expect(worktreesLeft().filter((line) => !line.includes('sample.worktrees'))).toEqual([]);
  expect(readdirSync(dirname(sample.root)).sort()).toEqual(
    expect.not.arrayContaining([expect.stringMatching(/^sample\.r/)]),
  );
  expect(git(sample.root, 'status', '--porcelain')).toBe('');
}

describe('a gate that sees', () => {
  it('is proven by a FAIL that names the planted test; the scratch worktree is gone afterwards', async () => {
    await open(sighted);
    const proof = await engine.prove(ann);
    expect(proof).toMatchObject({
      outcome: 'sighted',
      planted: { framework: 'node:test', path: 'test/interlock-prove.test.js' },
      baseStanding: { word: 'PASS' },
    });
    expect(engine.read.switches()).toMatchObject([{ name: 'gate-proof', state: 'sighted', actor: 'person:ann' }]);
    await expectNothingLeft();
    expect(await engine.verify()).toEqual([]);
  });

  it('is proven on a red base too, and that base is red is said', async () => {
    await open(sighted);
    commitFile(sample.root, 'test/broken.test.js', "require('node:test').test('breaks', () => { throw 1; });\n");
    const proof = await engine.prove(ann);
    expect(proof).toMatchObject({ outcome: 'sighted', baseStanding: { word: 'FAIL' } });
    expect(proof.reason.text).toContain('base itself is FAIL');
  });

  it('is lent the dependencies of the main worktree, which stay untouched', async () => {
    await open(sighted);
    const folder = join(sample.root, 'node_modules/sums');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.js'), 'module.exports = 1;\n');
    commitFile(sample.root, '.gitignore', 'report.xml\nnode_modules\n');
    commitFile(sample.root, 'test/uses.test.js', `require('sums');\n${SUITE}`);
    expect(await engine.prove(ann)).toMatchObject({ outcome: 'sighted', baseStanding: { word: 'PASS' } });
    expect(readdirSync(folder)).toEqual(['index.js']);
    await expectNothingLeft();
  });
});

describe('a gate that stays green', () => {
  it('is blind: no item passes testing until a later proof succeeds, and no verdict of it ever counts', async () => {
    await open({ command: 'exit 0 # node --test', floor: 'off' });
    await engine.add({ title: 'Add sums', id: 'DEMO-1', stage: 'testing', ...ann });
    await engine.add({ title: 'More sums', id: 'DEMO-2', stage: 'testing', ...ann });
    commitFile(sample.worktree('DEMO-1'), 'a.txt', 'a');
    const proof = await engine.prove(ann);
    expect(proof).toMatchObject({ outcome: 'blind', reason: { code: 'gate-blind' }, baseStanding: { word: 'PASS' } });
    await expectNothingLeft();

    for (const id of ['DEMO-1', 'DEMO-2'])
      expect(await engine.advance(id, ann)).toMatchObject({
        outcome: 'held',
        to: 'testing',
        reason: { code: 'gate-blind' },
      });
    expect(await engine.why('DEMO-1')).toMatchObject({ reason: { code: 'gate-blind' } });
    await engine.release('DEMO-1', 'person:ann', 'I insist');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'gate-blind' } });
    expect(engine.read.runs('DEMO-1')).toEqual([]);

    const config = { ...SAMPLE_CONFIG, test: { ...sighted, timeout: '60s' } };
    commitFile(sample.root, 'interlock.json', JSON.stringify(config));
    expect(await engine.prove(ann)).toMatchObject({ outcome: 'sighted' });
    await engine.release('DEMO-1', 'person:ann', '');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced', verdict: 'PASS' });
  });

  it('found while a suite was running: its PASS moves nothing, and is not taken up after a later proof', async () => {
    await open({ command: ['node', '-e', 'setTimeout(() => {}, 800)'], floor: 'off' });
    await engine.add({ title: 'Add sums', id: 'DEMO-1', stage: 'testing', ...ann });
    commitFile(sample.worktree('DEMO-1'), 'a.txt', 'a');
    const ledger = await openLedger({ directory: `${engine.repository.stateDir}/ledger`, sqlJs: () => initSqlJs() });
    let recorded: Promise<void> | undefined;
    const record = (state: 'blind' | 'sighted') =>
      recordProof(ledger, { state, ...ann, reason: 'tried', at: Date.now() });
    const report = await engine.advance('DEMO-1', {
      ...ann,
      onProgress: ({ kind }) => {
        if (kind === 'run') recorded ??= record('blind');
      },
    });
    await recorded;
    expect(report).toMatchObject({ outcome: 'held', verdict: 'INCONCLUSIVE', reason: { code: 'gate-blind' } });
    expect(engine.read.verdicts('DEMO-1')).toMatchObject([{ verdict: 'PASS' }]);

    await record('sighted');
    await ledger.close();
    await engine.release('DEMO-1', 'person:ann', '');
    const again = await engine.advance('DEMO-1', ann);
    expect(again).toMatchObject({ outcome: 'advanced' });
    expect(again.run).not.toBe(report.run);
  });

  it('is not called blind where no failing test could be written for it', async () => {
    await open({ command: ['true'], floor: 'off' });
    expect(await engine.prove(ann)).toMatchObject({ outcome: 'unproven', reason: { code: 'framework-unknown' } });
    expect(engine.read.switches()).toEqual([]);
  });
});

describe('what cannot be shown either way changes nothing', () => {
  it('a command that cannot run', async () => {
    await open({ command: ['no-such-program', 'node', '--test'] });
    expect(await engine.prove(ann)).toMatchObject({ outcome: 'unproven', reason: { code: 'command-not-found' } });
    expect(engine.read.switches()).toEqual([]);
    await expectNothingLeft();
  });

  it('a place that is taken on base', async () => {
    await open(sighted);
    commitFile(sample.root, 'test/interlock-prove.test.js', SUITE);
    expect(await engine.prove(ann)).toMatchObject({ outcome: 'unproven', reason: { code: 'place-taken' } });
  });
});

it('a framework that is not known is proven by the file that the project names', async () => {
  const prove = { file: 'checks/prove.sh', text: 'exit 1 # interlock prove' };
  await open({ command: 'for check in checks/*.sh; do sh "$check" || exit 1; done', floor: 'off', prove });
  commitFile(sample.root, 'checks/fine.sh', 'exit 0\n');
  expect(await engine.prove(ann)).toMatchObject({ outcome: 'sighted', planted: { framework: 'configured' } });
});
