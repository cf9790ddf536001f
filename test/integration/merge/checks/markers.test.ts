import { afterAll, beforeAll, expect, it } from 'vitest';
import { markersHold } from '../../../../runner-host/merge/checks/markers-hold';
import { makeBare, type BareRig, type Files } from './bare-rig';

let rig: BareRig;
beforeAll(() => void (rig = makeBare()));
afterAll(() => rig.close());

const record = (item: string, more: object = {}): string =>
  JSON.stringify({ item, markers: [{ path: 'src/gate.ts', text: 'classifyFailure' }], ...more });
const PATH = '.interlock/markers/DEMO-1.json';
const before: Files = { 'src/gate.ts': 'classifyFailure();\n', [PATH]: record('DEMO-1') };

async function kinds(candidate: Files, main: Files = before): Promise<string[]> {
  const [m = '', c = ''] = rig.commits([{ files: main }, { files: candidate }]);
  return (await markersHold(rig.trees, { candidate: c, main: m })).map(({ kind, path }) => `${kind} ${path}`);
}

it('a marker that stands passes, also beside other changes', async () => {
  expect(await kinds({ ...before, 'src/gate.ts': '// more\n  classifyFailure(); // more\n' })).toEqual([]);
});

it.each<[string, Files, string[]]>([
  ['the text is gone', { ...before, 'src/gate.ts': 'other();\n' }, ['MARKER_LOST src/gate.ts']],
  ['its file is gone', { [PATH]: record('DEMO-1') }, ['MARKER_LOST src/gate.ts']],
  ['the record is deleted and the text stays', { 'src/gate.ts': 'classifyFailure();\n' }, [`MARKER_DELETED ${PATH}`]],
  ['record and text are gone', { 'src/gate.ts': 'x\n' }, [`MARKER_DELETED ${PATH}`, 'MARKER_LOST src/gate.ts']],
  [
    'the marker is taken out of its record',
    { 'src/gate.ts': 'x\n', [PATH]: '{"item":"DEMO-1","markers":[]}' },
    ['MARKER_LOST src/gate.ts'],
  ],
  ['the record is no JSON', { ...before, [PATH]: '{' }, [`MARKER_MALFORMED ${PATH}`]],
  [
    'the record has an unknown key',
    { ...before, [PATH]: record('DEMO-1', { off: true }) },
    [`MARKER_MALFORMED ${PATH}`],
  ],
  ['the record names another item', { ...before, [PATH]: record('DEMO-2') }, [`MARKER_MALFORMED ${PATH}`]],
  [
    'it is retired without a reason',
    { ...before, [PATH]: record('DEMO-1', { retired: ' ' }) },
    [`MARKER_MALFORMED ${PATH}`],
  ],
  ['the record is a link', { ...before, [PATH]: { mode: '120000', bytes: 'x' } }, [`MARKER_MALFORMED ${PATH}`]],
  [
    'a marker of the item’s own does not hold',
    { ...before, '.interlock/markers/DEMO-9.json': '{"item":"DEMO-9","markers":[{"path":"a/b","text":"t"}]}' },
    ['MARKER_LOST a/b'],
  ],
  [
    'a marker’s path leads out',
    { ...before, '.interlock/markers/DEMO-9.json': '{"item":"DEMO-9","markers":[{"path":"../b","text":"t"}]}' },
    ['MARKER_MALFORMED .interlock/markers/DEMO-9.json'],
  ],
])('%s', async (_, candidate, expected) => {
  expect(await kinds(candidate)).toEqual(expected);
});

it('retired with a reason: the text may go', async () => {
  expect(
    await kinds({ 'src/gate.ts': 'x\n', [PATH]: record('DEMO-1', { retired: 'the failure has no classes now' }) }),
  ).toEqual([]);
});

it('a record that main cannot read is no way around: its repair passes, leaving it does not', async () => {
  const broken = { ...before, [PATH]: '{' };
  expect(await kinds(broken, broken)).toEqual([`MARKER_MALFORMED ${PATH}`]);
  expect(await kinds(before, broken)).toEqual([]);
});

it('a file that is too large to be looked through is not taken for good', async () => {
  const [m = '', c = ''] = rig.commits([
    { files: before },
    { files: { ...before, 'src/gate.ts': `classifyFailure();${'x'.repeat(500)}` } },
  ]);
  const findings = await markersHold(rig.trees, { candidate: c, main: m }, { limits: { mostBytesPerFile: 400 } });
  expect(findings.map(({ kind, blocks }) => [kind, blocks])).toEqual([['UNCHECKED', true]]);
});

it('a record that is too large to be read is not checked, on either side', async () => {
  const large = record('DEMO-1', { retired: 'x'.repeat(500) });
  const [small = '', big = ''] = rig.commits([{ files: before }, { files: { ...before, [PATH]: large } }]);
  const kindsOf = async (candidate: string, main: string): Promise<string[]> =>
    (await markersHold(rig.trees, { candidate, main }, { limits: { mostBytesPerFile: 400 } })).map(({ kind }) => kind);
  expect(await kindsOf(big, small)).toEqual(['UNCHECKED']);
  expect(await kindsOf(small, big)).toEqual(['UNCHECKED']);
  expect(await kindsOf(big, big)).toEqual(['UNCHECKED']);
});

it('four hundred markers are looked up by path', async () => {
  const files: Record<string, string> = {};
  for (let at = 0; at < 400; at++) {
    files[`src/f${at}.ts`] = `mark${at}\n`;
    files[`.interlock/markers/M-${at}.json`] = JSON.stringify({
      item: `M-${at}`,
      markers: [{ path: `src/f${at}.ts`, text: `mark${at}` }],
    });
  }
  expect(await kinds({ ...files, 'src/f7.ts': 'gone\n' }, files)).toEqual(['MARKER_LOST src/f7.ts']);
});
