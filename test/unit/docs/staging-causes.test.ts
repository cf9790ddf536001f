import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { STAGING_REMEDIES } from '../../../extension/pipeline/staging/remedies';
import { LOST_REASONS } from '../../../runner-host/ssh/frames';
import { THREW_CAUSES } from '../../../runner-host/ssh/staging-evidence';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const words = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, word]) => word ?? '');
const filesOf = (folder: string): string[] => readdirSync(join(root, folder)).map((name) => read(`${folder}/${name}`));

/** The formatter pads the cells. */
const TABLE = (read('docs/staging.md').split('\n## Causes\n')[1] ?? '').replace(/ +/g, ' ');

/** Every word that a run or a check can end with, from the sources that say them. */
function causes(): Set<string> {
  const classes = ['classify', 'classify-connection', 'classify-exit'].map((name) =>
    read(`runner-host/ssh/${name}.ts`),
  );
  const staging = filesOf('runner-host/staging');
  const source = [...classes, ...staging].join('\n');
  const supervisor = read('runner-host/ssh/remote-supervisor.sh');
  return new Set([
    ...words(source, /found\('[a-z-]+', '([a-z-]+)'/g),
    ...words(source, /cause: '([a-z-]+)'/g),
    ...words(source, /stop\(\s*'[a-z-]+',\s*'([a-z-]+)'/g),
    ...words(read('runner-host/staging/container-text.ts'), /^ {2}'(container-[a-z]+)':/gm),
    ...words(read('runner-host/registry/no-verdict.ts'), /^type Cause = (.*);$/gm).flatMap((line) =>
      words(line, /'([a-z-]+)'/g),
    ),
    ...words(supervisor, /(?:permanent|transient) ([a-z-]+)/g),
    ...['unknown', 'changed', 'revoked', 'unanswered'].map((answer) => `host-key-${answer}`),
    ...LOST_REASONS.filter((reason) => reason !== 'unknown').map((reason) => `lost-${reason}`),
    ...THREW_CAUSES,
  ]);
}
/** Words that are no cause: a run's good end, and a check that found nothing. */
const GOOD = new Set(['exit', 'ready']);

it('every cause of a staging run has a remedy and a row in docs/staging.md, and no other has', () => {
  const found = [...causes()].filter((cause) => !GOOD.has(cause)).sort();
  expect(found.length).toBeGreaterThan(50);
  const rows = words(TABLE, /^\| `([a-z-]+)` \|/gm);
  expect(found.filter((cause) => !Object.hasOwn(STAGING_REMEDIES, cause))).toEqual([]);
  expect(found.filter((cause) => !rows.includes(cause))).toEqual([]);
  expect(rows.filter((row) => !Object.hasOwn(STAGING_REMEDIES, row))).toEqual([]);
  expect(Object.keys(STAGING_REMEDIES).filter((cause) => !rows.includes(cause))).toEqual([]);
});

it('every row says what helps in the words of the advance', () => {
  expect(Object.values(STAGING_REMEDIES).filter((remedy) => !TABLE.includes(`| ${remedy} |`))).toEqual([]);
});
