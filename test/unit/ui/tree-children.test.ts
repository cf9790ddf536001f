import { describe, expect, it } from 'vitest';
import { Activity } from '../../../extension/ui/activity';
import { childNodes, DONE_PAGE, parentNode, rootNodes, type TreeSource } from '../../../extension/ui/tree/children';
import { itemNode, stageNode, type TreeNode } from '../../../extension/ui/tree/nodes';
import { rowOf } from '../../../extension/ui/tree/rows';
import { anArtifact, anItem, aJob, aRun, aVerdict, NOW, readsOf, REPOSITORY, runId, type Rows } from './rows';

const PLACE = { name: 'repo', root: '/repo' };
const stages = ['development', 'testing', 'merge', 'done'];
const source = (rows: Rows, key = REPOSITORY): TreeSource => ({ key, read: readsOf(rows), stages, lands: false });
const labels = (nodes: TreeNode[], from: TreeSource) =>
  nodes.map((node) => rowOf(node, from, PLACE, new Activity(), NOW)?.label);

describe('the levels of the tree', () => {
  it('shows a folder for each repository only where there are several', () => {
    const one = source({ items: [anItem()] });
    const two = source({ items: [anItem()] }, '/other/.git');
    expect(rootNodes([one]).map((node) => node.kind)).toEqual(['item']);
    expect(rootNodes([one, two]).map((node) => node.kind)).toEqual(['repository', 'repository']);
    expect(rootNodes([])).toEqual([]);
  });

  it('gives the same item in two repositories different ids', () => {
    expect(itemNode('/a/.git', 'DEMO-1').id).not.toBe(itemNode('/b/.git', 'DEMO-1').id);
  });

  it('orders items as people count', () => {
    const items = ['DEMO-10', 'DEMO-2', 'DEMO-1'].map((id) => anItem({ id }));
    const all = source({ items });
    expect(rootNodes([all]).map((node) => ('item' in node ? node.item : ''))).toEqual(['DEMO-1', 'DEMO-2', 'DEMO-10']);
  });

  it('folds done items away and pages them, the newest first', () => {
    const items = Array.from({ length: DONE_PAGE + 1 }, (_, index) =>
      anItem({ id: `DEMO-${index}`, condition: 'done', stage: 'done', since: NOW + index }),
    );
    const all = source({ items: [...items, anItem({ id: 'OPEN-1' })] });
    const [open, closed] = rootNodes([all]);
    expect(open?.kind).toBe('item');
    expect(closed && rowOf(closed, all, PLACE, new Activity(), NOW)?.description).toBe(String(DONE_PAGE + 1));
    const page = closed ? childNodes(closed, all, DONE_PAGE) : [];
    expect(page).toHaveLength(DONE_PAGE + 1);
    expect(page[0]).toMatchObject({ item: `DEMO-${DONE_PAGE}` });
    expect(page.at(-1)?.kind).toBe('more');
    expect(closed && childNodes(closed, all, 2 * DONE_PAGE).some((node) => node.kind === 'more')).toBe(false);
  });

  it('puts the run that is going first, then finished runs, then the newest file of each name', () => {
    const all = source({
      items: [anItem()],
      jobs: [aJob()],
      runs: [aRun({ id: runId(2) }), aRun({ id: runId(1) })],
      verdicts: [aVerdict()],
      artifacts: [
        anArtifact({ id: 'old', at: 1 }),
        anArtifact({ id: 'new', at: 2 }),
        anArtifact({ id: 'elsewhere', stage: 'merge' }),
      ],
    });
    const children = childNodes(stageNode(REPOSITORY, 'DEMO-1', 'testing'), all, DONE_PAGE);
    expect(children.map((node) => ('run' in node ? node.run : 'artifact' in node ? node.artifact : ''))).toEqual([
      runId(9),
      runId(2),
      runId(1),
      'new',
    ]);
    expect(labels(children, all)).toEqual(['Run 3', 'Run 2', 'Run 1', '13-test-report.md']);
  });

  it('lists the stages of the project below an item', () => {
    const all = source({ items: [anItem()] });
    expect(labels(childNodes(itemNode(REPOSITORY, 'DEMO-1'), all, DONE_PAGE), all)).toEqual(stages);
  });

  it('finds the way up from every node, so that reveal works', () => {
    const rows: Rows = { items: [anItem(), anItem({ id: 'OLD-1', condition: 'done' })], runs: [aRun()] };
    const all = source(rows);
    const walk = (node: TreeNode, above: TreeNode | undefined): void => {
      expect(parentNode(node, all, true)?.id).toBe(above?.id);
      for (const child of childNodes(node, all, DONE_PAGE)) walk(child, node);
    };
    for (const root of rootNodes([all, source({}, '/other/.git')]))
      if (root.repository === REPOSITORY) walk(root, undefined);
  });

  it('has no line for an item that the ledger does not know', () => {
    expect(rowOf(itemNode(REPOSITORY, 'GONE-1'), source({}), PLACE, new Activity(), NOW)).toBeUndefined();
  });
});
