import type { GateAnswer } from './gate';

export interface LandingEvidence {
  item: string;
  branch: string;
  base: string;
  /** `origin` or empty for the local base branch. */
  remote: string;
  /** The base branch's commit, read from the remote. */
  target: string;
  /** The tested commit. */
  head: string;
  /** Whether the item's changes are in the target by content. */
  changes: 'contained' | 'missing' | 'conflict' | 'empty';
  headIsAncestor: boolean;
}

/** Opens only if what the item changed is on the base branch by content; the branch's tip alone proves nothing. */
export function checkLanded(evidence: LandingEvidence): GateAnswer {
  const place = evidence.remote ? `${evidence.remote}/${evidence.base}` : evidence.base;
  const at = `${place} (${evidence.target.slice(0, 8)})`;
  switch (evidence.changes) {
    case 'contained':
      return { open: true, reason: { code: 'landed', text: `its changes are on ${at}`, remedy: '' } };
    case 'empty':
      return closed(
        'empty',
        'the branch changes nothing: there is nothing that could land',
        `interlock send-back ${evidence.item}`,
      );
    case 'missing':
    case 'conflict':
      if (evidence.headIsAncestor) {
        return closed(
          'landed-but-lost',
          `commit ${evidence.head.slice(0, 8)} is in the history of ${at}, but its changes are not: reverted or rewritten there`,
          `Look at ${place}; \`interlock send-back ${evidence.item}\` or \`interlock release ${evidence.item}\``,
        );
      }
      return closed(
        'not-landed',
        `waiting for a person to land ${evidence.branch}: its changes are not on ${at}`,
        `Merge ${evidence.branch} into ${evidence.base}${evidence.remote ? ' and push' : ''}, then: interlock advance ${evidence.item}`,
      );
  }
}

const closed = (code: string, text: string, remedy: string): GateAnswer => ({
  open: false,
  reason: { code, text, remedy },
});
