import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startCli } from '../cli/cli-process';
import { git } from '../rig/git';
import { commitFile } from '../rig/sample-repository';
import { MergeProject } from './merge-project';

let project: MergeProject;
afterEach(() => project.close());

const IDS = ['DEMO-1', 'DEMO-2', 'DEMO-3', 'DEMO-4'];

describe('the queue of a base branch', () => {
  it('four items at once: one lands at a time, the others wait at no cost, each lands once', async () => {
    project = await MergeProject.open();
    for (const id of IDS) await project.atMerge(id, { [`${id}.txt`]: `${id}\n` });
    expect((await project.engine.queue()).items.map(({ item }) => item)).toEqual(IDS);
    const first = await Promise.all(IDS.map((id) => project.advance(id)));
    expect(first.filter(({ outcome }) => outcome === 'advanced')).toHaveLength(1);
    for (const report of first.filter(({ outcome }) => outcome !== 'advanced'))
      expect(report).toMatchObject({ outcome: 'deferred', reason: { code: 'queue-busy' } });
    const { read } = project.engine;
    const waiting = (): string[] => IDS.filter((id) => read.item(id)?.stage === 'merge');
    // Who is not next is sent to the end of nobody's line: it waits.
    const [next = '', later = ''] = waiting();
    expect(await project.advance(later)).toMatchObject({ outcome: 'deferred', reason: { code: 'queue-busy' } });
    expect(await project.advance(next)).toMatchObject({ outcome: 'advanced' });
    for (const id of waiting()) expect(await project.advance(id)).toMatchObject({ outcome: 'advanced' });
    for (const id of IDS) {
      expect(read.item(id)).toMatchObject({ stage: 'done', infra_retries: 0, developer_retries: 0 });
      expect(read.landings(id)).toHaveLength(1);
    }
    expect(project.landings()).toHaveLength(IDS.length + 1);
    expect(await project.engine.verify()).toEqual([]);
  }, 240_000);

  it('a batch of those that wait is tested at its tip, and the ledger says so', async () => {
    project = await MergeProject.open({ batch: 4 });
    const ids = IDS.slice(0, 3);
    for (const id of ids) await project.atMerge(id, { [`${id}.txt`]: `${id}\n` });
    expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'advanced', to: 'done' });
    const { read } = project.engine;
    const tip = git(project.sample.origin, 'rev-parse', 'main');
    for (const id of ids) {
      expect(read.item(id)).toMatchObject({ stage: 'done' });
      expect(read.landings(id)).toMatchObject([{ tip, tested: 'batch' }]);
    }
    expect(read.runs('DEMO-1').filter(({ kind }) => kind === 'merge')).toHaveLength(1);
    expect(read.leases()).toEqual([]);
    expect(await project.engine.verify()).toEqual([]);
  });

  it('held items block nobody', async () => {
    project = await MergeProject.open();
    for (const id of IDS.slice(0, 2)) await project.atMerge(id, { [`${id}.txt`]: `${id}\n` });
    await project.engine.hold('DEMO-1', 'person:ann', 'not yet');
    expect(await project.advance('DEMO-2')).toMatchObject({ outcome: 'advanced', to: 'done' });
  });
});

describe('when the process that lands an item is killed', () => {
  it('while its candidate is tested, the next one takes the same run up: landed once', async () => {
    project = await MergeProject.open();
    await project.atMerge('DEMO-1', { 'one.txt': '1\n' });
    const marker = join(project.sample.origin, 'go-on');
    // Main moves, so that the candidate's suite is another one: it waits.
    commitFile(project.sample.root, 'suite.json', JSON.stringify({ passed: 3, waitFor: marker }));
    git(project.sample.root, 'push', '--quiet', 'origin', 'main');
    const killed = startCli(project.sample.root, ['advance', 'DEMO-1', '--verbose']);
    await killed.says('running 3 tests');
    killed.child.kill('SIGKILL');
    await killed.ended;
    const { engine } = project;
    const [job] = engine.read.openJobs('DEMO-1');
    expect(job).toMatchObject({ kind: 'merge' });
    const settled = engine.reconcile({});
    appendFileSync(marker, '');
    expect(await settled).toMatchObject([{ outcome: 'advanced', to: 'done', run: job?.id }]);
    expect(engine.read.landings('DEMO-1')).toMatchObject([{ run: job?.id }]);
    expect(project.landings().filter((subject) => subject.includes('DEMO-1'))).toHaveLength(1);
    expect([...engine.read.leases(), ...engine.read.openJobs()]).toEqual([]);
  });

  it('together with the runner host, nobody is blamed, and it lands once', async () => {
    project = await MergeProject.open();
    await project.atMerge('DEMO-1', { 'one.txt': '1\n' });
    const marker = join(project.sample.origin, 'go-on');
    commitFile(project.sample.root, 'suite.json', JSON.stringify({ passed: 3, waitFor: marker }));
    git(project.sample.root, 'push', '--quiet', 'origin', 'main');
    const killed = startCli(project.sample.root, ['advance', 'DEMO-1', '--verbose']);
    await killed.says('running 3 tests');
    const host = await project.engine.hostStatus();
    killed.child.kill('SIGKILL');
    process.kill(host?.identity.pid ?? 0, 'SIGKILL');
    await killed.ended;
    expect(await project.engine.reconcile({})).toMatchObject([{ outcome: 'deferred', result: 'infra:host-lost' }]);
    appendFileSync(marker, '');
    expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'advanced', to: 'done' });
    expect(project.engine.read.landings('DEMO-1')).toHaveLength(1);
    expect(project.engine.read.item('DEMO-1')).toMatchObject({ developer_retries: 0 });
  });
});
