import { afterAll, beforeAll, expect, it } from 'vitest';
import { carryCheck } from '../../../../runner-host/merge/checks/carry-check';
import {
  checkCandidate,
  type CandidateToCheck,
  type CheckOptions,
} from '../../../../runner-host/merge/checks/check-candidate';
import { CHECK_LIMITS } from '../../../../runner-host/merge/checks/check-limits';
import type { Finding } from '../../../../runner-host/merge/checks/finding';
import { renumber, renumberAnchor } from '../../../../runner-host/merge/checks/renumber';
import type { RenumberPlan } from '../../../../runner-host/merge/checks/number-plan';
import { makeBare, type BareRig, type Files } from './bare-rig';

// Two items add a changelog entry at one place and take one document number. The second bounces off with a conflict; whoever
// resolves it keeps main's entry alone, and nothing in git shows it.

let rig: BareRig;
beforeAll(() => void (rig = makeBare()));
afterAll(() => rig.close());

const log = (...entries: string[]): string =>
  `# Changelog\n\n## [Unreleased]\n\n${entries.map((entry) => `- ${entry}\n`).join('')}\n## [1.0.0]\n\n- The first release\n`;
const MAINS = 'DEMO-123: one lander for each main (adr-0049)';
const ITEMS = 'DEMO-116: bounced items keep their own entry (adr-0049)';
const options: CheckOptions = { generated: [], changelog: 'CHANGELOG.md', series: ['docs/adr/adr-*.md'], reserved: [] };
const PLAN_DOC = '# ADR-0049: one lander\n\nSee adr-0001. This is ADR-0049, adr-0049-one-lander.md.\n';
const ITEM_DOC = '# ADR-0049: keep the entry\n\nADR 49 follows adr-0001; adr-0049-keep-entry is linked in the index.\n';

const base: Files = {
  'CHANGELOG.md': log(),
  'docs/adr/adr-0001-start.md': '# ADR-0001: start\n',
  'docs/adr/index.md': '- adr-0001-start\n',
  'src/gate.ts': 'export const gate = 1;\n',
};
const main: Files = {
  ...base,
  'CHANGELOG.md': log(MAINS),
  'docs/adr/adr-0049-one-lander.md': PLAN_DOC,
  'docs/adr/index.md': '- adr-0001-start\n- adr-0049-one-lander\n',
  'src/lander.ts': '// as ADR-0049 says\n',
};
const item: Files = {
  ...base,
  'CHANGELOG.md': log(ITEMS),
  'docs/adr/adr-0049-keep-entry.md': ITEM_DOC,
  'src/entry.ts': '// decided in ADR-0049\nexport const entry = 1;\n',
  'src/gate.ts': 'export const gate = 2; // adr-0049\n',
};
/** What the resolver made of it: main's entry alone. */
const bounced: Files = { ...main, ...pick(item, 'docs/adr/adr-0049-keep-entry.md', 'src/entry.ts', 'src/gate.ts') };

function pick(files: Files, ...paths: string[]): Files {
  return Object.fromEntries(paths.map((path) => [path, files[path] ?? '']));
}

function story(resolved: Files) {
  const [b = '', m = '', anchor = '', head = '', candidate = ''] = rig.commits([
    { files: base },
    { files: main, parents: [0] },
    { files: item, parents: [0] },
    { files: resolved, parents: [2, 1] },
    { files: resolved, parents: [1, 3] },
  ]);
  return { item: 'DEMO-116', base: b, main: m, head, candidate, anchors: [anchor] } satisfies CandidateToCheck;
}

const told = (findings: readonly Finding[]): string[] =>
  findings.map(({ kind, path, line }) => `${kind} ${path} ${line}`.trim());

it('without the head of before the bounce the loss cannot be seen; with it the check names the line', async () => {
  const candidate = story(bounced);
  const blind = await checkCandidate(rig.trees, { ...candidate, anchors: [] }, options, []);
  expect(told(blind.blocking)).toEqual(['NUMBER_TAKEN docs/adr/adr-0049-keep-entry.md']);
  const { blocking } = await checkCandidate(rig.trees, candidate, options, []);
  expect(told(blocking)).toEqual(['SIDE_DISCARDED CHANGELOG.md', 'NUMBER_TAKEN docs/adr/adr-0049-keep-entry.md']);
  // With one more line of the resolver's own in the changelog it is not main's version as it stands: the line is named.
  const edited = story({ ...bounced, 'CHANGELOG.md': log('Conflicts are resolved', MAINS) });
  expect(told((await checkCandidate(rig.trees, edited, options, [])).blocking)).toEqual([
    `DROPPED CHANGELOG.md - ${ITEMS}`,
    'NUMBER_TAKEN docs/adr/adr-0049-keep-entry.md',
  ]);
});

it('the in-flight document yields; the plan touches none of main’s lines; with the anchor moved all checks pass', async () => {
  const candidate = story({
    ...bounced,
    'CHANGELOG.md': log(MAINS, ITEMS),
    'docs/adr/index.md': '- adr-0001-start\n- adr-0049-one-lander\n- adr-0049-keep-entry\n',
  });
  const { blocking, plan } = await checkCandidate(rig.trees, candidate, options, []);
  expect(told(blocking)).toEqual(['NUMBER_TAKEN docs/adr/adr-0049-keep-entry.md']);
  expect(plan?.yields).toEqual([
    {
      series: 'docs/adr/adr-*.md',
      from: 'docs/adr/adr-0049-keep-entry.md',
      to: 'docs/adr/adr-0050-keep-entry.md',
      oldDigits: '0049',
      newDigits: '0050',
      keeps: 'docs/adr/adr-0049-one-lander.md',
    },
  ]);
  const renumbered = await applyPlan(candidate.candidate, plan);
  expect(renumbered['CHANGELOG.md']).toBe(log(MAINS, ITEMS.replace('0049', '0050')));
  expect(renumbered['docs/adr/adr-0050-keep-entry.md']).toBe(
    '# ADR-0050: keep the entry\n\nADR 50 follows adr-0001; adr-0050-keep-entry is linked in the index.\n',
  );
  expect(renumbered['docs/adr/adr-0049-keep-entry.md']).toBeUndefined();
  expect(renumbered['docs/adr/index.md']).toBe('- adr-0001-start\n- adr-0049-one-lander\n- adr-0050-keep-entry\n');
  expect([renumbered['src/entry.ts'], renumbered['src/gate.ts']]).toEqual([
    '// decided in ADR-0050\nexport const entry = 1;\n',
    'export const gate = 2; // adr-0050\n',
  ]);
  // Every line of main stands where it stood.
  for (const [path, text] of Object.entries(main).filter(([path]) => path !== 'src/gate.ts'))
    expect(renumbered[path]?.split('\n')).toEqual(expect.arrayContaining(String(text).split('\n')));

  const [head = '', after = ''] = rig.commits([
    { files: renumbered, parents: [candidate.head] },
    { files: renumbered, parents: [candidate.main] },
  ]);
  const moved = { ...candidate, head, candidate: after };
  const old = await checkCandidate(rig.trees, moved, options, []);
  expect(old.blocking.length).toBeGreaterThan(0);
  const before = candidate.anchors[0] ?? '';
  const anchor = rig.commit(await applyPlan(before, plan, renumberAnchor), candidate.base);
  const passed = await checkCandidate(rig.trees, { ...moved, anchors: [anchor] }, options, []);
  expect(passed.blocking).toEqual([]);
  expect(passed.plan).toBeUndefined();
});

async function applyPlan(
  tree: string,
  plan: RenumberPlan | undefined,
  how: typeof renumber = renumber,
): Promise<Record<string, string>> {
  if (!plan) throw new Error('no plan');
  const files = rig.files(tree);
  for (const { from, to, bytes } of await how(rig.trees, tree, plan, CHECK_LIMITS)) {
    delete files[from];
    files[to] = bytes;
  }
  return files;
}

it('a waiver of a person clears the one line that it names', async () => {
  const resolved = story({ ...bounced, 'CHANGELOG.md': log('Conflicts are resolved', MAINS) });
  const [dropped] = (await checkCandidate(rig.trees, resolved, options, [])).blocking;
  const waiver = {
    item: 'DEMO-116',
    path: 'CHANGELOG.md',
    lineHash: dropped?.lineHash ?? '',
    reason: 'told elsewhere',
  };
  const waived = await checkCandidate(rig.trees, resolved, options, [waiver]);
  expect(told(waived.blocking)).toEqual(['NUMBER_TAKEN docs/adr/adr-0049-keep-entry.md']);
  expect(waived.waived.map(({ finding }) => finding.line)).toEqual([`- ${ITEMS}`]);
  for (const other of [{ item: 'DEMO-117' }, { path: 'README.md' }, { lineHash: '0'.repeat(64) }, { reason: ' ' }])
    expect((await checkCandidate(rig.trees, resolved, options, [{ ...waiver, ...other }])).waived).toEqual([]);
});

it('generated files are left out and named', async () => {
  const generated = { 'package-lock.json': '{\n"main": 1\n}\n' };
  const [b = '', m = '', t = '', r = ''] = rig.commits([
    { files: { ...base, 'package-lock.json': '{\n}\n' } },
    { files: { ...base, ...generated }, parents: [0] },
    { files: { ...base, 'package-lock.json': '{\n"item": 1\n}\n' }, parents: [0] },
    { files: { ...base, 'package-lock.json': '{\n"regenerated": 1\n}\n' }, parents: [1, 2] },
  ]);
  const input = { base: b, main: m, item: t, result: r };
  expect(await carryCheck(rig.trees, input, { generated: ['package-lock.json'], changelog: undefined })).toEqual({
    findings: [],
    notChecked: ['package-lock.json'],
  });
  expect(
    (await carryCheck(rig.trees, input, { generated: [], changelog: undefined })).findings.some(({ blocks }) => blocks),
  ).toBe(true);
});
