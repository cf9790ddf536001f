/** The words of a merge report that never change; everything else comes with the messages. */
export const MERGE_TEXTS = {
  findings: 'What blocks the merge',
  conflicts: 'Files in conflict',
  renumberPlan: 'Renumbering that would end the collision',
  renumber: 'Renumber',
  unfreeze: 'Unfreeze Queue',
  verify: 'Verify Commit',
  waive: 'Waive',
  waiveTitle: 'Let this finding pass, with a reason; the ledger keeps who said so',
  line: (line: number): string => `Line ${line}`,
  more: (count: number): string => `${count} more are in the log.`,
  followingLines: (count: number): string =>
    count === 1 ? 'One line that names it follows.' : `${count} lines that name them follow.`,
} as const;
