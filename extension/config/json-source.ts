import { parseTree, type Node, type ParseError } from 'jsonc-parser';

export type JsonPath = readonly (string | number)[];

/** A JSONC text with the places of its values. Lines and columns count from 1. */
export interface JsonSource {
  root: Node | undefined;
  errors: ParseError[];
  place(offset: number): { line: number; column: number };
}

/** @throws RangeError where it is nested too deeply to be read */
export function readJson(text: string): JsonSource {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false, allowEmptyContent: false });
  return {
    root,
    errors,
    place(offset) {
      const before = text.slice(0, offset);
      const start = before.lastIndexOf('\n') + 1;
      return { line: before.split('\n').length, column: offset - start + 1 };
    },
  };
}

/** The property of an object node, with the nodes of its name and its value. */
export function property(node: Node | undefined, name: string): { name: Node; value: Node } | undefined {
  if (node?.type !== 'object') return undefined;
  for (const each of node.children ?? []) {
    const [key, value] = each.children ?? [];
    if (key?.value === name && value !== undefined) return { name: key, value };
  }
  return undefined;
}

/** The node at a path, or the deepest one on the way to it; `found` is false then. */
export function nodeAt(root: Node, path: JsonPath): { node: Node; found: boolean } {
  let node = root;
  for (const step of path) {
    const next = typeof step === 'number' ? node.children?.[step] : property(node, step)?.value;
    if (next === undefined) return { node, found: false };
    node = next;
  }
  return { node, found: true };
}

/** The value of a node; every name becomes an own property, `__proto__` too. */
export function valueOf(node: Node): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(
        (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
          key === undefined || value === undefined ? [] : [[String(key.value), valueOf(value)]],
        ),
      );
    case 'array':
      return (node.children ?? []).map(valueOf);
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'property':
      return node.value;
  }
}
