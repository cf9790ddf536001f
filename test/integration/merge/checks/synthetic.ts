import type { Files } from './bare-rig';

/** A small project whose lines have owners, so that the honest merge of two sides' edits is known without git. */
export interface Project {
  files: readonly ModelFile[];
}

interface ModelFile {
  path: string;
  lines: readonly { id: number; text: string; owner: Owner }[];
}

export type Owner = 'main' | 'item';

/** What one side does; lines are named by id. Later edits stand above earlier ones. */
export interface Edit {
  texts: Map<number, string | null>;
  /** Behind which line. */
  inserts: Map<number, string[]>;
  added: Record<string, string>;
  removed: Set<string>;
  renamed: Map<string, string>;
}

/** mulberry32: the same numbers on every machine. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return { below, chance: (share) => next() < share, pick: (from) => from[below(from.length)] as never };
}

export interface Random {
  below(bound: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
}

const WORDS = [
  'lease',
  'queue',
  'anchor',
  'report',
  'suite',
  'runner',
  'stage',
  'ledger',
  'branch',
  'waiver',
  'socket',
  'token',
];
const COMMON = ['}', 'return;', '', '  });', '// next', 'break;'];
export const CHANGELOG = 'CHANGELOG.md';

export function makeProject(random: Random): Project {
  let id = 1;
  const line = (text: string, owner: Owner): ModelFile['lines'][number] => ({ id: id++, text, owner });
  const files: ModelFile[] = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'lib/d.py'].map((path) => ({
    path,
    lines: Array.from({ length: 8 + random.below(16) }, () => line(codeLine(random), owner(random))),
  }));
  const head = ['# Changelog', '', '## [Unreleased]', '', '### Added', ''];
  const old = ['', '## [1.0.0] - 2026-01-01', '', '- The first release'];
  const entries = Array.from({ length: random.below(3) }, () => entry(random));
  files.push({ path: CHANGELOG, lines: [...head, ...entries, ...old].map((text) => line(text, 'main')) });
  return { files };
}

const owner = (random: Random): Owner => (random.chance(0.5) ? 'main' : 'item');

const words = (random: Random, count: number): string[] => Array.from({ length: count }, () => random.pick(WORDS));

function codeLine(random: Random): string {
  if (random.chance(0.25)) return random.pick(COMMON);
  const [a, b, c] = words(random, 3);
  return `${'  '.repeat(random.below(3))}const ${a}${random.below(1000)} = ${b}.${c}(${random.below(100)});`;
}

const entry = (random: Random): string => `- The ${words(random, 4).join(' ')} (#${random.below(10_000)})`;

export function makeEdit(project: Project, side: Owner, random: Random, options: { files?: boolean } = {}): Edit {
  const edit: Edit = { texts: new Map(), inserts: new Map(), added: {}, removed: new Set(), renamed: new Map() };
  for (const { path, lines } of project.files) {
    if (path === CHANGELOG || !random.chance(0.6)) continue;
    for (let count = 1 + random.below(4); count > 0; count--) {
      const at = random.pick(lines);
      if (random.chance(0.5)) edit.inserts.set(at.id, [...(edit.inserts.get(at.id) ?? []), codeLine(random)]);
      else if (at.owner === side) edit.texts.set(at.id, random.chance(0.3) ? null : codeLine(random));
    }
  }
  const changelog = project.files.find(({ path }) => path === CHANGELOG);
  const anchor = changelog?.lines[5];
  if (anchor && random.chance(0.7)) edit.inserts.set(anchor.id, [entry(random)]);
  if (options.files === false) return edit;
  if (random.chance(0.5)) edit.added[`new/${side}-${random.below(100)}.ts`] = added(random);
  // Of the two files that only one side may move or remove.
  const [own] = side === 'main' ? ['src/c.ts'] : ['lib/d.py'];
  if (own !== undefined && random.chance(0.1)) edit.renamed.set(own, `moved/${own}`);
  return edit;
}

const added = (random: Random): string =>
  Array.from({ length: 3 + random.below(6) }, () => `${codeLine(random)}\n`).join('');

/** The project after these edits, all of them kept. */
export function apply(project: Project, ...edits: readonly Edit[]): Files {
  const files: Record<string, string> = {};
  for (const { path, lines } of project.files) {
    if (edits.some(({ removed }) => removed.has(path))) continue;
    const to = edits.reduce((at, { renamed }) => renamed.get(path) ?? at, path);
    const text = lines.flatMap(({ id, text: was }) => {
      const is = edits.reduce<string | null>((now, { texts }) => (texts.has(id) ? (texts.get(id) ?? null) : now), was);
      return [...(is === null ? [] : [is]), ...edits.flatMap(({ inserts }) => inserts.get(id) ?? [])];
    });
    files[to] = text.map((line) => `${line}\n`).join('');
  }
  return Object.assign(files, ...edits.map((edit) => edit.added)) as Files;
}
