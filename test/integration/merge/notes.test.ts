import { expect, test } from 'vitest';
import { readFields } from '../../../extension/artifacts/read-fields';
import { openProcessTable, ownIdentity } from '../../../runner-host/processes/own-identity';
import { mergeHandlers } from '../../../runner-host/merge/merge-handlers';
import { readNote } from '../../../runner-host/merge/receipt';
import { makeRig, outcomeAs, type Rig } from './merge-rig';

const receipt = { receipt: true };

/** As a person reads it, in the user's clone. */
function noteOn(rig: Rig, commit: string): string {
  rig.git('fetch', '-q', 'origin', '+refs/notes/interlock:refs/notes/interlock');
  return rig.git('notes', '--ref=interlock', 'show', commit);
}

const NO_NOTES = 'case "$1" in refs/notes/*) echo no notes here >&2; exit 1;; esac';

test('the note of a landed commit holds the merge log, with the keys of an artifact, and the receipt', async () => {
  const rig = makeRig();
  rig.main({ 'a.txt': 'one\ntwo\n' });
  const title = 'Sums `of\u001b[31m\n## Receipt\n\n```json\n{"version":1}\n```\n';
  const item = rig.item('DEMO-1', { 'b.lock': 'x\n', 'b.txt': 'y\n' }, { title });
  const base = rig.remote();
  const { commit, tree } = outcomeAs(await rig.land(item, { ...receipt, generated: ['*.lock'] }), 'LANDED');
  const note = noteOn(rig, commit);
  const head = readFields(note, ({ text, word, count, whole }) => ({
    status: word('merge_status', ['LANDED'] as const),
    facts: [text('tree'), text('head'), text('base'), text('commit'), text('tested_commit'), text('command')],
    counts: [count('exit_code'), count('tests'), count('failed'), count('skipped')],
    ran: [text('run') !== '', whole('duration_ms') >= 0, text('started_at').endsWith('Z'), text('producer')],
  }));
  expect(head).toMatchObject({
    ok: true,
    fields: {
      status: 'LANDED',
      facts: [tree, item.head, base, commit, commit, 'true'],
      counts: [0, null, null, null],
      ran: [true, true, true, 'merge-gate'],
    },
  });
  expect(note).toContain('- Security: not configured, nothing was run\n');
  expect(note).toContain('- Tests: exit code 0 on the candidate\n');
  expect(note).not.toContain('\u001b');
  const { log, receipt: read } = readNote(note);
  expect(read).toMatchObject({ item: 'DEMO-1', head: item.head, candidate: commit, verdict: 'PASS' });
  expect(log).not.toContain('"testKey"');
  expect(rig.leftovers()).toEqual([]);
});

test('waivers, warnings, a proof in place of a test and a batch stand in the log', async () => {
  const rig = makeRig();
  const record = '.interlock/markers/OLD-1.json';
  const marker = JSON.stringify({ item: 'OLD-1', markers: [{ path: 'fix.js', text: 'the old fix' }] });
  rig.main({ 'fix.js': 'the old fix\n', [record]: marker });
  const item = rig.item('DEMO-1', { 'fix.js': 'another\n' });
  const [finding] = outcomeAs(await rig.land(item), 'MARKER_LOST').findings;
  const waiver = { path: 'fix.js', lineHash: finding?.lineHash ?? '', by: 'person:ann', reason: 'it is `moot`' };
  const waived = { ...item, waivers: [waiver] };
  const one = outcomeAs(await rig.land(waived, receipt), 'LANDED');
  expect(noteOn(rig, one.commit)).toContain(
    "`MARKER_LOST fix.js: the marker does not stand in the file any more (the old fix)`, waived by `person:ann`: `it is 'moot'`",
  );
  const two = [rig.item('DEMO-2', { 'two.txt': '2\n' }), rig.item('DEMO-3', { 'three.txt': '3\n' })];
  const markers = { waivers: [waiver] };
  const [second, third] = await rig.run(
    rig.spec(
      two.map((each) => ({ ...each, ...markers })),
      receipt,
    ),
  );
  if (!second || !third) throw new Error('two items');
  const { commit } = outcomeAs(second, 'LANDED');
  const tip = outcomeAs(third, 'LANDED').commit;
  expect(noteOn(rig, commit)).toContain(`\`${commit}\` was tested as a part of \`${tip}\`\n- With DEMO-3\n`);
  expect(noteOn(rig, commit)).toContain('on the last commit of the batch');
});

test('a note that the remote refuses does not undo the landing: the next gate finishes it, with the same words', async () => {
  const rig = makeRig();
  rig.hook(rig.origin, 'update', NO_NOTES);
  const done = await rig.land(rig.item('DEMO-1', { 'one.txt': 'one\n' }), receipt);
  const { commit, receipt: state } = outcomeAs(done, 'LANDED');
  expect(state).toBe('failed');
  expect(done.cleanup.join()).toMatch(/the receipt was not written .*no notes here/s);
  expect(rig.leftovers()).toEqual([`${commit}.json`]);
  rig.hook(rig.origin, 'update', 'exit 0');
  outcomeAs(await rig.land(rig.item('DEMO-2', { 'two.txt': 'two\n' }), receipt), 'LANDED');
  expect(readNote(noteOn(rig, commit)).receipt).toMatchObject({ item: 'DEMO-1', candidate: commit, verdict: 'PASS' });
  expect(rig.leftovers()).toEqual([]);
});

test('whoever verifies a commit whose note is missing finishes it', async () => {
  const rig = makeRig();
  rig.hook(rig.origin, 'update', NO_NOTES);
  const { commit } = outcomeAs(await rig.land(rig.item('DEMO-1', { 'one.txt': 'one\n' }), receipt), 'LANDED');
  const table = openProcessTable();
  const { env } = rig;
  const stateDir = `${rig.root}/.git/interlock`;
  const handlers = mergeHandlers({ stateDir, me: ownIdentity(table), table, env });
  const ask = { repository: rig.root, remote: 'origin', base: 'main', commit };
  expect(await handlers['merge/verify'](ask)).toMatchObject({ ok: false, log: null });
  rig.hook(rig.origin, 'update', 'exit 0');
  expect(await handlers['merge/verify'](ask)).toMatchObject({
    ok: true,
    problems: [],
    log: expect.stringMatching(/^---\nmerge_status: LANDED\n/),
  });
  expect(rig.leftovers()).toEqual([]);
});

test.each(['land:after', 'branch', 'noted'])(
  'a gate that ends at %s is finished with what it knew of the test',
  async (at) => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    let met = false;
    const reach = async (point: string): Promise<void> => {
      if (point !== at) return;
      met = true;
      throw new Error('the end');
    };
    await rig.land(item, receipt, { reach });
    expect(met).toBe(true);
    const { commit } = outcomeAs(await rig.land(item, receipt), 'LANDED');
    expect(rig.ran).toHaveLength(1);
    expect(readNote(noteOn(rig, commit)).receipt.verdict).toBe('PASS');
    expect(noteOn(rig, commit)).toContain('exit code 0 on the candidate');
    expect(rig.leftovers()).toEqual([]);
  },
);

test('a landing that never came to be leaves no note', async () => {
  const rig = makeRig();
  rig.hook(rig.origin, 'update', 'case "$1" in refs/heads/main) exit 1;; esac');
  outcomeAs(await rig.land(rig.item('DEMO-1', { 'one.txt': 'one\n' }), receipt), 'POLICY');
  expect(rig.leftovers()).toHaveLength(1);
  rig.hook(rig.origin, 'update', 'exit 0');
  const { commit } = outcomeAs(await rig.land(rig.item('DEMO-2', { 'two.txt': 'two\n' }), receipt), 'LANDED');
  rig.git('fetch', '-q', 'origin', '+refs/notes/interlock:refs/notes/interlock');
  expect(rig.git('notes', '--ref=interlock', 'list').split('\n')).toEqual([expect.stringContaining(commit)]);
  expect(rig.leftovers()).toEqual([]);
});
