import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../../extension/config/json-schema';
import { KEY_DESCRIPTIONS } from '../../../extension/config/key-descriptions';
import { KEY_FACTS } from '../../../extension/config/key-facts';

const FILE = new URL('../../../extension/config/interlock.schema.json', import.meta.url);

test('the schema in the repository is the one that the code makes', () => {
  const committed: unknown = JSON.parse(readFileSync(FILE, 'utf8'));
  expect(committed, 'run: node extension/config/write-schema.mjs').toEqual(JSON.parse(configJsonSchema()));
});

interface Part {
  properties?: Record<string, Part>;
  anyOf?: Part[];
  oneOf?: Part[];
  description?: string;
}

function keysOf(part: Part, path: string[]): [string, Part][] {
  const own = Object.entries(part.properties ?? {}).flatMap(([key, value]): [string, Part][] => [
    [[...path, key].join('.'), value],
    ...keysOf(value, [...path, key]),
  ]);
  return [...own, ...[...(part.anyOf ?? []), ...(part.oneOf ?? [])].flatMap((each) => keysOf(each, path))];
}

test('every key has a description for editors and a fact for messages, and neither names a key that is not there', () => {
  const keys = keysOf(JSON.parse(configJsonSchema()) as Part, []);
  for (const [key, part] of keys) expect(part.description, key).toBeTypeOf('string');
  const names = [...new Set(keys.map(([key]) => key))].sort();
  expect(Object.keys(KEY_DESCRIPTIONS).sort()).toEqual(names);
  expect(
    Object.keys(KEY_FACTS)
      .filter((key) => !key.includes('*'))
      .sort(),
  ).toEqual(names);
});
