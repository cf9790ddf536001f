import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settingLine, settings } from './configuration-table';

const root = join(import.meta.dirname, '../../..');
const schema = JSON.parse(readFileSync(join(root, 'extension/config/interlock.schema.json'), 'utf8')) as Parameters<
  typeof settings
>[0];
// The formatter pads the cells of tables.
const text = readFileSync(join(root, 'docs/configuration.md'), 'utf8').replace(/ +/g, ' ');

it('docs/configuration.md has a row for every key of the schema, with its default and description', () => {
  const expected = settings(schema).map(settingLine);
  expect(expected.length).toBeGreaterThan(10);
  expect(expected.filter((line) => !text.includes(line))).toEqual([]);
});

it('docs/configuration.md has no row for a key that the schema does not know', () => {
  const rows = [...text.matchAll(/^\| `([A-Za-z.]+)` \|/gm)].map((match) => match[1]);
  expect(rows.sort()).toEqual(
    settings(schema)
      .map((setting) => setting.key)
      .sort(),
  );
});
