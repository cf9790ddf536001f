import { describe, expect, it } from 'vitest';
import { mergeQueues } from '../../../extension/ui/merge/queue-model';
import { Activity } from '../../../extension/ui/activity';
import { childNodes, parentNode, rootNodes, type TreeSource } from '../../../extension/ui/tree/children';
import type { TreeNode } from '../../../extension/ui/tree/nodes';
import { rowOf } from '../../../extension/ui/tree/rows';
import { aJob, anItem, aTransition, MINUTE, NOW, readsOf, REPOSITORY, type Rows } from './rows';

const PLACE = { name: 'repo', root: '/repo' };
const stages = ['development', 'testing', 'merge', 'done'];

/** An item that came to merge so many minutes ago. */
const atMerge = (id: string, minutes: number, over: Parameters<typeof anItem>[0] = {}) => ({
  item: anItem({ id, stage: 'merge', condition: 'ready', since: NOW - MINUTE, ...over }),
  came: aTransition({ item: id, from_stage: 'testing', to_stage: 'merge', at: NOW - minutes * MINUTE }),
});

function source(queued: ReturnType<typeof atMerge>[], more: Rows = {}, lands = true): TreeSource {
  const rows = { items: queued.map(({ item }) => item), transitions: queued.map(({ came }) => came), ...more };
  return { key: REPOSITORY, read: readsOf(rows), stages, lands };
}

const lines = (nodes: readonly TreeNode[], from: TreeSource) =>
  nodes.map((node) => {
    const row = rowOf(node, from, PLACE, new Activity(), NOW);
    return [row?.label, row?.description];
  });

const queueOf = (from: TreeSource): TreeNode => rootNodes([from]).find(({ kind }) => kind === 'queue') ?? expect.fail();

describe('the merge queue', () => {
  it('is in the order in which items came, whatever happened to them since', () => {
    const from = source([
      atMerge('A', 5, { since: NOW }),
      atMerge('B', 10, { condition: 'held', reason: 'the server refused' }),
      atMerge('C', 3, { condition: 'deferred', reason_code: 'queue-busy', next_at: NOW }),
      atMerge('D', 2, { condition: 'deferred', reason_code: 'remote-unreachable', next_at: NOW, reason: 'no network' }),
    ]);
    expect(mergeQueues(from.read)).toEqual([
      {
        base: 'main',
        frozen: null,
        entries: [
          { item: 'B', position: null, landing: false },
          { item: 'A', position: 1, landing: false },
          { item: 'C', position: 2, landing: false },
          { item: 'D', position: null, landing: false },
        ],
        leased: false,
      },
    ]);
    const queue = queueOf(from);
    expect(lines([queue], from)).toEqual([['Merge queue', 'main · 2 waiting · 2 held or deferred']]);
    expect(lines(childNodes(queue, from, 0), from)).toEqual([
      ['B', 'held · 1m · the server refused'],
      ['A', 'position 1 · queued · now'],
      ['C', 'position 2 · queued · 1m'],
      ['D', 'deferred, retry 12:00 · 1m · no network'],
    ]);
  });

  it('says who lands now', () => {
    const from = source([atMerge('A', 5, { condition: 'running' }), atMerge('C', 3)], {
      jobs: [aJob({ item: 'A', stage: 'merge', kind: 'merge' })],
    });
    expect(lines([queueOf(from)], from)).toEqual([['Merge queue', 'main · landing A · 1 waiting']]);
    const [first] = childNodes(queueOf(from), from, 0);
    expect(first && lines([first], from)).toEqual([['A', 'position 1 · landing · 1m']]);
  });

  it('says that it is frozen, also while nobody waits', () => {
    const queues = [{ base: 'main', state: 'frozen', reason: 'main is not what was tested', actor: 'gate', at: NOW }];
    const done = anItem({ stage: 'done', condition: 'done' });
    const from = source([], { items: [done], queues });
    expect(lines([queueOf(from)], from)).toEqual([['Merge queue', 'main · frozen']]);
    const row = rowOf(queueOf(from), from, PLACE, new Activity(), NOW);
    expect(row).toMatchObject({ icon: 'lock', context: 'queue frozen' });
    expect(row?.tooltip).toContain('main is not what was tested');
  });

  it('offers to release its lease while somebody has it, also when nobody waits', () => {
    const done = anItem({ stage: 'done', condition: 'done' });
    const from = source([], { items: [done] });
    expect(rootNodes([from]).some(({ kind }) => kind === 'queue')).toBe(false);
    const lease = {
      item: 'queue main',
      token: 't',
      host: 'h',
      boot_id: 'b',
      pid_namespace: 'n',
      pid: 1,
      start_time: '1',
    };
    const read = { ...from.read, lease: () => ({ ...lease, actor: 'cli:bob', at: NOW }) };
    const leased = { ...from, read };
    expect(rowOf(queueOf(leased), leased, PLACE, new Activity(), NOW)?.context).toBe('queue hasLease');
  });

  it('is not there for a project whose branches a person lands, nor when nothing has come to merge', () => {
    expect(rootNodes([source([atMerge('A', 1)], {}, false)]).map(({ kind }) => kind)).toEqual(['item']);
    const testing = anItem({ id: 'A', stage: 'testing' });
    expect(rootNodes([source([], { items: [testing] })]).map(({ kind }) => kind)).toEqual(['item']);
  });

  it('knows the way up from its lines', () => {
    const from = source([atMerge('A', 1)]);
    const queue = queueOf(from);
    const [entry] = childNodes(queue, from, 0);
    expect(entry && parentNode(entry, from, false)).toEqual(queue);
    expect(parentNode(queue, from, false)).toBeUndefined();
    expect(parentNode(queue, from, true)?.kind).toBe('repository');
  });
});
