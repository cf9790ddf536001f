import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

/**
 * Where a source writes or deletes rows of `items`: a list of two that begins with 'items' is a `Put` or a `Delete`
 * (a precondition has three parts), and a table name that is not spelled out hides what is written.
 */
function itemWrites(source: string): string[] {
  return nodes(source).flatMap((node) => {
    if (!ts.isArrayLiteralExpression(node) || node.elements.length !== 2) return [];
    const [table] = node.elements;
    return table && ts.isStringLiteralLike(table) && table.text === 'items' ? [node.getText()] : [];
  });
}

/** The transactions of a source that are written out without preconditions: no `pre`, and nothing spread that could hold them. */
function withoutPreconditions(source: string): string[] {
  return nodes(source).flatMap((node) => {
    if (!ts.isObjectLiteralExpression(node)) return [];
    const names = node.properties.map((property) => property.name?.getText());
    const isTransaction = names.includes('event') && names.includes('actor');
    const conditional = names.includes('pre') || node.properties.some((property) => ts.isSpreadAssignment(property));
    return isTransaction && !conditional ? [node.getText()] : [];
  });
}

/** SQL that changes rows of `items` past the journal. */
function directSql(source: string): string[] {
  const change = /\b(insert\s+(or\s+\w+\s+)?into|replace\s+into|update|delete\s+from)\s+["'`]?items\b/gi;
  return source.match(change) ?? [];
}

function nodes(source: string): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

const sources = globSync('{extension,runner-host}/**/*.ts', { cwd: root }).map((file) => ({
  file,
  text: readFileSync(join(root, file), 'utf8'),
}));

describe('no unconditional write of an item', () => {
  it('rows of items are put in the two known places, and deleted nowhere', () => {
    const places = sources.flatMap(({ file, text }) => itemWrites(text).map((write) => `${file}: ${write}`));
    expect(places.sort()).toEqual([
      "extension/pipeline/add-item.ts: ['items', row]",
      "extension/pipeline/record.ts: ['items', step.item]",
    ]);
  });

  it('every transaction names its preconditions', () => {
    expect(sources.flatMap(({ file, text }) => withoutPreconditions(text).map((found) => `${file}: ${found}`))).toEqual(
      [],
    );
  });

  it('no SQL changes items past the journal', () => {
    expect(sources.flatMap(({ file, text }) => directSql(text).map((found) => `${file}: ${found}`))).toEqual([]);
  });

  it.each([
    [itemWrites, `ledger.commit({ actor, event, pre: [], put: [['items', row]] })`],
    [itemWrites, 'const del = [[`items`, id]];'],
    [withoutPreconditions, `ledger.commit({ actor, event: 'move', put: [['switches', row]] })`],
    [directSql, `view.all('UPDATE items SET stage = ?')`],
    [directSql, `view.all('INSERT OR REPLACE INTO "items" VALUES (1)')`],
  ])('%o finds it in: %s', (find, source) => {
    expect(find(source)).toHaveLength(1);
  });

  it('a precondition is no write', () => {
    expect(itemWrites(`const pre = [['items', id, { stage, rev }]];`)).toEqual([]);
  });
});
