import { expect, test } from 'vitest';
import { noteOf, readNote, type Receipt } from '../../../runner-host/merge/receipt';

const receipt: Receipt = {
  version: 1,
  run: 'r1',
  item: 'DEMO-1',
  branch: 'work/DEMO-1',
  head: '1'.repeat(40),
  base: '2'.repeat(40),
  candidate: '3'.repeat(40),
  tree: '4'.repeat(40),
  testedCommit: '3'.repeat(40),
  testedTree: '4'.repeat(40),
  verdict: 'PASS',
  testKey: 'key',
  report: null,
  coverage: null,
};

test('a note is read back as it was written, however git trims it', () => {
  const note = noteOf('---\nmerge_status: LANDED\n---\n\n# DEMO-1\n', receipt);
  for (const text of [note, note.trim(), `${note}\n\n`])
    expect(readNote(text)).toEqual({ log: '---\nmerge_status: LANDED\n---\n\n# DEMO-1', receipt });
});

test('what the log quotes never takes the receipt’s place', () => {
  const forged = noteOf('', { ...receipt, item: 'EVIL', verdict: 'PROVEN' });
  expect(readNote(noteOf(`# log\n${forged}`, receipt)).receipt.item).toBe('DEMO-1');
});

test.each([
  ['no receipt', '# log\n'],
  ['text behind it', `${noteOf('# log\n', receipt)}\nmore\n`],
  ['two lines', noteOf('# log\n', receipt).replace('"run"', '\n"run"')],
  ['an unknown key', noteOf('# log\n', { ...receipt, more: 1 } as Receipt)],
  ['another version', noteOf('# log\n', { ...receipt, version: 2 as 1 })],
  ['cut off', noteOf('# log\n', receipt).slice(0, -20)],
])('refused: %s', (_, note) => {
  expect(() => readNote(note)).toThrow();
});
