import { beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../extension/config/parse-config';
import type { ProjectConfig } from '../../../extension/config/project-config';
import type { Ledger } from '../../../extension/ledger/ledger';
import { reserveNumber, type ReserveOutcome } from '../../../extension/pipeline/merge/reserve-number';
import type { Git } from '../../../extension/pipeline/ports';
import { makeFolder, open } from '../ledger/sample';
import { addition } from '../ledger/sample-rows';

const SERIES = 'docs/adr/adr-*.md';
const BASE = 'b'.repeat(40);

let ledger: Ledger;
beforeEach(async () => {
  ledger = await open(makeFolder());
  for (const id of ['A-1', 'A-2']) await ledger.commit(addition(id));
});

function configOf(file: object): ProjectConfig {
  const parsed = parseConfig(JSON.stringify({ stages: ['development', 'merge', 'done'], ...file }), 'interlock.json');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

/** With a base that has these files; `meanwhile` happens once base was looked at. */
function reserve(
  item: string,
  files: readonly string[],
  { meanwhile = async () => undefined, file = { merge: { numbered: [SERIES] } } as object } = {},
): Promise<ReserveOutcome> {
  const git: Partial<Git> = {
    commitOf: () => Promise.resolve(null),
    async fetchBase() {
      await meanwhile();
      return BASE;
    },
    listFiles: () => Promise.resolve([...files]),
  };
  const ports = { ledger, git: git as Git, clock: { now: () => 1 } };
  return reserveNumber(ports, configOf(file), { item, series: null, actor: 'person:ann' });
}

const numbers = (): string[] => ledger.read.reservations().map(({ item, number }) => `${item} ${number}`);

describe('a number is not given twice', () => {
  it('even if what has reserved it lands between the look at base and the look at the ledger', async () => {
    expect(await reserve('A-1', [])).toMatchObject({ number: 1 });
    // It lands: its reservation goes, and the base that was looked at does not show the document yet.
    const meanwhile = async (): Promise<undefined> => {
      const row = { id: `${SERIES}#1`, item: 'A-1' };
      await ledger.commit({
        actor: 'a',
        event: 'pass',
        pre: [['reservations', row.id, { item: row.item }]],
        del: [['reservations', row.id]],
      });
    };
    expect(await reserve('A-2', [], { meanwhile })).toMatchObject({ number: 2 });
    expect(numbers()).toEqual(['A-2 2']);
  });

  it('to an item that was moved meanwhile nothing is given', async () => {
    const meanwhile = async (): Promise<undefined> => {
      const item = ledger.read.item('A-1');
      if (!item) throw new Error('A-1');
      await ledger.commit({
        actor: 'a',
        event: 'pass',
        pre: [['items', 'A-1', { stage: item.stage, rev: item.rev }]],
        put: [['items', { ...item, stage: 'done', condition: 'done' }]],
      });
    };
    expect(await reserve('A-1', [], { meanwhile })).toMatchObject({ ok: false });
    expect(numbers()).toEqual([]);
  });
});

describe('which number it is', () => {
  it('one beyond the highest, with as many digits as the others have', async () => {
    const files = ['docs/adr/adr-007-a.md', 'docs/adr/adr-x.md', 'docs/adr/old/adr-099-b.md', 'docs/adr/adr-002-c.md'];
    expect(await reserve('A-1', files)).toMatchObject({ number: 8, start: 'docs/adr/adr-008', series: SERIES });
  });

  it('none where the digits are spent', async () => {
    expect(await reserve('A-1', ['docs/adr/adr-999999999-a.md'])).toMatchObject({ reason: { code: 'series-full' } });
  });

  it('none without a series, or without base', async () => {
    expect(await reserve('A-1', [], { file: { merge: {} } })).toMatchObject({ reason: { code: 'no-series' } });
    expect(await reserve('A-1', [], { file: {} })).toMatchObject({ reason: { code: 'no-series' } });
    const file = { remote: '', merge: { numbered: [SERIES] } };
    expect(await reserve('A-1', [], { file })).toMatchObject({ reason: { code: 'base-missing' } });
  });
});
