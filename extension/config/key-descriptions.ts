/** What every key does, by its place: shown by editors, and the source of the documentation's table. */
export const KEY_DESCRIPTIONS: Readonly<Record<string, string>> = {
  $schema: 'Address of a JSON schema, for editors. Not read by Interlock.',
  base: 'The branch that items fork from and land on. What decides is read from its last commit, never from the branch of an item.',
  remote: 'The remote that items land on. "" = no remote: the local base branch.',
  artifacts:
    "Folder of reports, one sub-folder for each item. An item's own folder is not part of the tree that is tested.",
  worktrees: "Folder in which items' worktrees are made, relative to the main worktree. ${repo} stands for its name.",
  stages: 'The stages that items go through, in the order of the pipeline, ending with "done".',
  budgets: 'How often something is tried again before a person is asked.',
  'budgets.developerRetries': 'How many failed test runs send an item back to development before it is held.',
  'budgets.infraRetries':
    'How often a run is repeated that said nothing about the code (time-out, full disk) before the item is held.',
  test: 'What the stage "testing" runs and demands.',
  'test.command':
    'The command that tests. A list is run as it is; a text goes through the shell, and the report says so.',
  'test.cwd': 'The folder that the command runs in, relative to the worktree.',
  'test.timeout': 'How long the command may take. Longer is no verdict about the code: it is tried again.',
  'test.grace': 'How long processes have between the request to end and being killed.',
  'test.env': 'Variables set for the command, besides the few that every run gets.',
  'test.passEnv': "Names of variables that are passed on from Interlock's own environment.",
  'test.report':
    'The report that the command leaves. Without one the exit code decides alone and the number of tests is not proven.',
  'test.report.format': 'Format of the report.',
  'test.report.path':
    'Where the command writes the report, relative to the worktree. The place is emptied before the run.',
  'test.floor':
    'The least number of executed tests for a PASS. "base": as many as the last item that passed and landed, and at least 1.',
};
