import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const [attacks = '', proofs = ''] = readFileSync(join(root, 'docs/threat-model.md'), 'utf8').split('\n## Proofs\n');

const numbersIn = (text: string): string[] => [...text.matchAll(/^\| (\d+) +\| /gm)].map(([, number]) => number ?? '');
const rows = [...proofs.matchAll(/^\| (\d+) +\| "(.+)" \(`(test\/[\w./-]+\.test\.ts)`\) +\|$/gm)].map(
  ([, number = '', title = '', file = '']) => ({ number, title, file }),
);

/** As it may be written in either kind of quotes. */
const forms = (title: string): string[] => [`'${title}'`, `"${title}"`, `'${title.replaceAll("'", "\\'")}'`];

it('every test that docs/threat-model.md names exists', () => {
  const missing = rows.filter(({ title, file }) => {
    const path = join(root, file);
    if (!existsSync(path)) return true;
    const text = readFileSync(path, 'utf8');
    return !forms(title).some((form) => text.includes(form));
  });
  expect(missing).toEqual([]);
});

it('every attack has a proof, and every row of the proofs is understood here', () => {
  expect(numbersIn(attacks).length).toBeGreaterThan(10);
  expect([...new Set(rows.map(({ number }) => number))]).toEqual(numbersIn(attacks));
  expect(rows).toHaveLength(numbersIn(proofs).length);
});
