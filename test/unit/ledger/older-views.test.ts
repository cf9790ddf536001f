import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../extension/ledger/files';
import { MIGRATIONS } from '../../../extension/ledger/migrations/migrate';
import { recover } from '../../../extension/ledger/recover';
import { Replica } from '../../../extension/ledger/replica';
import { readSnapshot } from '../../../extension/ledger/snapshot-files';
import { View } from '../../../extension/ledger/view';
import { makeFolder, open, sqlJs } from './sample';
import { addition } from './sample-rows';
import { atEveryClose, snapshotsIn } from './sample-snapshots';

const FIXTURES = join(import.meta.dirname, '../../fixtures/ledger');
const NEWEST = MIGRATIONS.at(-1)?.number;
/** Group counts of the sample's two snapshots, the newer one last. */
const SNAPSHOTS: Record<number, [number, number]> = { 1: [6, 9], 2: [7, 10], 3: [7, 11] };
/** What stands behind the newer snapshot. */
const TAIL = [
  'alerts',
  'holds',
  'leases',
  'switches',
  'anchors',
  'waivers',
  'reservations',
  'queues',
  'landings',
  'ratchets',
];

type Rows = Record<string, Record<string, unknown>[]>;

function unpack(version: number): { directory: string; rows: Rows } {
  const fixture = join(FIXTURES, `view-${version}`);
  const directory = makeFolder();
  for (const name of readdirSync(fixture).filter((file) => file.endsWith('.gz'))) {
    writeFileSync(join(directory, name.slice(0, -3)), gunzipSync(readFileSync(join(fixture, name))));
  }
  return { directory, rows: JSON.parse(readFileSync(join(fixture, 'rows.json'), 'utf8')) as Rows };
}

const rowsOf = (view: View): Rows =>
  Object.fromEntries(view.tables.map(({ name, key }) => [name, view.all(`SELECT * FROM ${name} ORDER BY ${key}`)]));
const schemaOf = (view: View) => view.all('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name');
const replicaOptions = async (directory: string) => ({
  directory,
  files: nodeFiles,
  sqlJs: await sqlJs(),
  mode: 'read' as const,
});

it('there is a sample ledger of every version of the view', () => {
  const versions = readdirSync(FIXTURES).filter((name) => name.startsWith('view-'));
  expect(versions.sort()).toEqual(MIGRATIONS.map(({ number }) => `view-${number}`).sort());
});

describe.each(MIGRATIONS.map(({ number }) => number))('a ledger of view %i', (version) => {
  const [older, newer] = SNAPSHOTS[version] ?? [0, 0];

  it('is read by this version, row by row, and goes on', async () => {
    const { directory, rows } = unpack(version);
    const replica = await recover(await replicaOptions(directory));
    const present = rowsOf(replica.view);
    expect(replica.fault).toBeUndefined();
    replica.close();
    for (const [table, found] of Object.entries(present)) expect(found, table).toMatchObject(rows[table] ?? []);
    expect(Object.keys(present)).toEqual(expect.arrayContaining(Object.keys(rows)));

    const ledger = await open(directory, { snapshots: atEveryClose });
    expect(ledger.health).toEqual({ mode: 'open' });
    expect(await ledger.verify()).toEqual([]);
    expect(await ledger.commit(addition('NEW-1'))).toMatchObject({ ok: true });
    await ledger.close();
    const next = await open(directory);
    expect(next.read.item('NEW-1')).toBeDefined();
    expect(await next.verify()).toEqual([]);
  });

  it('has snapshots that only its own version believes', async () => {
    const { directory } = unpack(version);
    expect(snapshotsIn(directory)).toHaveLength(4);
    for (const groups of [older, newer]) {
      const reading = await readSnapshot(nodeFiles, directory, groups);
      expect(reading).toMatchObject(version === NEWEST ? { ok: true } : { ok: false, why: 'other-version' });
    }
    const replica = await recover(await replicaOptions(directory));
    expect(replica.resumedAt).toBe(version === NEWEST ? newer : 0);
    replica.close();
  });

  it('has a view that the migrations bring to the present tables, with its rows', async () => {
    const { directory, rows } = unpack(version);
    const sql = await sqlJs();
    const [migrated, fresh] = [View.open(sql, readFileSync(join(directory, `snap-${newer}.db`))), View.open(sql)];
    expect(schemaOf(migrated)).toEqual(schemaOf(fresh));
    const found = rowsOf(migrated);
    for (const [table, expected] of Object.entries(rows)) {
      expect(found[table], table).toMatchObject(TAIL.includes(table) ? [] : expected);
    }
    migrated.close();
    fresh.close();
  });

  it('is what a replay of its journal gives', async () => {
    const { directory, rows } = unpack(version);
    const replica = await Replica.open(await replicaOptions(directory));
    expect(rowsOf(replica.view)).toMatchObject(rows);
    replica.close();
  });
});
