import type { BiteEvidence, Finding } from '../artifacts/evidence';
import { sha256 } from '../artifacts/hash';
import type { Reason } from './outcome';

/** What the matrix says about a green item. `bites`: without its code its tests are red, and nothing else made them so. */
export function judgeBite({
  testFiles,
  baseOnBase,
  itemOnBase,
}: Pick<BiteEvidence, 'testFiles' | 'baseOnBase' | 'itemOnBase'>): 'bites' | 'blunt' | 'unknown' | 'no-tests' {
  if (testFiles === 0) return 'no-tests';
  if (itemOnBase.end === 'green') return 'blunt';
  return itemOnBase.end === 'red' && baseOnBase.end === 'green' ? 'bites' : 'unknown';
}

/** Why the matrix closes the gate; undefined where it does not. */
export function whyBlunt(bite: BiteEvidence | undefined): Reason | undefined {
  if (bite?.mode !== 'required') return undefined;
  switch (judgeBite(bite)) {
    case 'bites':
    case 'no-tests':
      return undefined;
    case 'blunt':
      return {
        code: 'no-bite',
        text: `the item's tests are green on base's code too (run ${bite.itemOnBase.run}): they prove nothing about what it changed`,
        remedy: 'Add a test that fails without the change, commit, then release.',
      };
    case 'unknown':
      return {
        code: 'bite-unknown',
        text: `whether the item's tests are red without its code is not known. Base's tests on base's code: ${bite.baseOnBase.detail}; the item's tests there: ${bite.itemOnBase.detail}`,
        remedy: 'See the named runs, then release.',
      };
  }
}

/** Where the matrix is required, base's tests that fail on the item's code are for a person: meant, or broken and hidden. */
export function baseTestsFinding(bite: BiteEvidence | undefined): Finding[] {
  if (bite?.mode !== 'required' || bite.testFiles === 0 || bite.baseOnItem.end === 'green') return [];
  const { detail, failed, end } = bite.baseOnItem;
  const names = failed.first.slice(0, 3).map(({ name }) => name);
  const told = names.length > 0 ? `: ${names.join(', ')}` : '';
  return [
    {
      kind: 'base-tests',
      path: '.',
      detail: `${end} on the item's code (${detail})${told}`,
      content: sha256(JSON.stringify([end, failed])),
      needsPerson: true,
    },
  ];
}
