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
  'test.report.format':
    'Format of the report: JUnit XML, TAP 13 or 14, CTRF, or what `go test -json` prints with a last line "exit <code>".',
  'test.report.path':
    'Where the command writes the report, relative to the worktree. The place is emptied before the run.',
  'test.floor':
    'The least number of executed tests for a PASS. "base": as many as the last item that passed and landed, and at least 1.',
  'test.redOnBase':
    'Whether a red suite, and one that never ends, is run once on the commit that the item forked from: what is red there too is not blamed on the item.',
  'test.biteMatrix':
    'Whether the tests that a green item changed are run on the code of base, and those of base on its code: up to three more runs. "required": new tests that are green without the new code close the gate.',
  'test.rerunFailed':
    'How often (0 or 1) a red suite is run again on the same tree. Green after red is flaky: no pass, but for flakes on record.',
  'test.flaky':
    'Flakes on record. An item passes on its second run only if nothing else was red on its first, up to the date.',
  'test.protected':
    'What decides how tests run. An item that changes it is held after a green suite until a person has acknowledged it. In place of the built-in list.',
  'test.files': 'What counts as a test file, in place of the built-in list.',
  'test.smoke':
    'Requests (GET) that must be answered as written once the suite is green: status, and values in the JSON answer.',
  'test.network.sandbox': 'Hosts outside of this machine that are made to be written to by tests.',
  'test.network.allowSandboxWrites':
    'Whether runs may write to the hosts of "sandbox". All other writes to the outside are refused, always.',
  'test.network.read':
    'Hosts, besides the known package registries, that programs may talk to over a connection that cannot be looked into.',
  'test.network': 'What runs may reach outside of this machine.',
  'test.prove': 'The failing test that "interlock prove" plants, for a framework that it does not recognise.',
  'test.prove.file': 'Where that test is planted, relative to the repository.',
  'test.prove.text':
    'What is written there. It names the test "interlock prove", so that its failure is known in the report.',
  staging:
    'The staging host, and what the stage "deploy-staging" runs there. Who logs in and by what is never in this file.',
  'staging.host': "Name or address of the staging host, or a name of the user's ssh configuration.",
  'staging.port': 'Its port, if not that of the ssh configuration, or 22.',
  'staging.user': "The user to log in as, if not that of the ssh configuration, or one's own.",
  'staging.transport':
    'How the host is reached: "ssh2" by the built-in client, "openssh" by the system\'s own (certificates, security keys), "demo" a server on this machine, without isolation.',
  'staging.command':
    "The command that checks what is served. A list is run as it is; a text goes through the host's shell.",
  'staging.cwd': 'The folder on the host that the command runs in, absolute.',
  'staging.timeout': 'How long the command may take. Longer is no verdict about the code: it is tried again.',
  'staging.grace': 'How long processes have between the request to end and being killed.',
  'staging.env': 'Variables set for the command. Not for secrets.',
  'staging.container': 'The container on the host that the command runs in; it must be running. null: none.',
  'staging.container.engine': 'The program that runs containers there.',
  'staging.container.name': 'Name or id of the running container.',
  'staging.servedCommit':
    "A command that prints the commit that the host serves, run before and after the suite. Another than the item's is never a pass. null: the staging log says that it is not proven.",
  'staging.report':
    'The report that the command leaves on the host, one file. Without one the exit code decides alone, and no check can be waived.',
  'staging.report.format': 'Format of the report, as of test.report.',
  'staging.report.path': 'Where the command writes it, absolute or relative to "cwd".',
  'staging.waivers':
    'Checks that may fail up to a date. A red suite passes only if every check that failed is among them.',
  merge:
    'The merge gate: it builds what would land, checks and tests it, and pushes exactly that. Without the key a person lands the branch.',
  'merge.retest':
    'Whether a candidate is tested although the ledger holds a PASS of the same commit or tree: "always-unless-proven" or "always".',
  'merge.testsIgnoreHistory':
    "Whether the tests do not look at git's history: then a PASS of the same tree is a proof, too.",
  'merge.timeout':
    'How long the suite may take on the candidate, if not as long as in "test". Longer is no verdict about the code.',
  'merge.batch':
    'How many ready items are tested together at most, when three or more wait. A red batch is halved. 1: one after the other.',
  'merge.style': 'What lands: a merge commit of base and branch, or one commit with the same tree ("squash").',
  'merge.numbered':
    'Series of documents whose numbers must be unique, with one star where the number stands: "docs/adr/adr-*.md".',
  'merge.generated': 'Generated files, by glob: the check that no line is lost leaves them alone, and says so.',
  'merge.changelog': 'The changelog, whose entries must stand under the heading that they were written for.',
  'merge.submodules':
    '"refuse": a repository with submodules is landed by hand. "empty": the suite does not need their files.',
  'merge.security': "A command that must end with exit code 0 on the item's head, before the candidate is built.",
  'merge.security.command': 'A list is run as it is; a text goes through the shell.',
  'merge.security.timeout': 'How long it may take, if not as long as "timeout", or 15m.',
  'merge.coverage': 'Line coverage of the candidate: it may not fall below that of the last item that landed.',
  'merge.coverage.report': 'The file that the suite writes, relative to the worktree. It must not be committed.',
  'merge.coverage.format': 'Format of the report.',
  'merge.coverage.maxDrop': 'By how many percentage points line coverage may fall.',
};
