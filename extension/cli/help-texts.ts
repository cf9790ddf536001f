import type { CommandName } from './command-specs';
import { EXIT, type ExitCode } from './exit-codes';

interface CommandHelp {
  summary: string;
  details: readonly string[];
  options: Readonly<Record<string, string>>;
  exits: readonly ExitCode[];
  example: string;
}

const REASON = { reason: 'Why, in your words; kept in the audit trail.' };
const { fine, rolledBack, usage, standing, refused, internal } = EXIT;
const READS = [fine, usage, internal] as const;
const DECIDES = [fine, usage, refused, internal] as const;

/** The words of --help. Which commands and options there are is command-specs.ts's. */
export const HELP: {
  commands: Readonly<Record<CommandName, CommandHelp>>;
  global: Readonly<Record<string, string>>;
  exits: Readonly<Record<number, string>>;
} = {
  global: {
    json: 'One JSON object on stdout, also for errors; everything else goes to stderr.',
    cwd: 'Work as if started in DIR: any folder of the repository or of one of its worktrees.',
    verbose: "Show the suite's own output, and the details of unexpected errors.",
    help: 'Show this help.',
    version: 'Show the version.',
  },
  exits: {
    [fine]: 'Advanced, or fine.',
    [rolledBack]: 'Rolled back: the suite failed, the item is back in development.',
    [usage]: 'Wrong usage or configuration, or not a place where Interlock can work.',
    [standing]: 'Deferred, held or waiting: the item stands, "interlock why ID" says for whom.',
    [refused]: 'Refused: another owner, another stage by now, an illegal move, forged evidence.',
    [internal]: 'Interlock itself could not do its work: damaged ledger, full disk, a bug.',
  },
  commands: {
    init: {
      summary: 'Write an interlock.json for this project and say what was chosen.',
      details: [
        'Recognises npm, pytest, go, cargo, Gradle, Maven, .NET and make. Never overwrites a file that is there.',
        'The file counts once it is committed to the base branch.',
      ],
      options: {},
      exits: READS,
      example: 'interlock init && git add interlock.json && git commit -m "Add interlock.json"',
    },
    doctor: {
      summary: 'Check that Interlock can work here, down to the staging host.',
      details: [
        'Asks at a terminal for what the staging host needs: a passphrase or password (not shown), or your word on a',
        'new host key. What is given is kept in the memory of the runner host and nowhere else. With --json, or without',
        'a terminal, nothing is asked: the answer says what is needed. Exit code 3 if the staging host is not ready.',
      ],
      options: {},
      exits: [fine, usage, standing, refused, internal],
      example: 'interlock doctor',
    },
    add: {
      summary: 'Add a work item: branch, worktree and its place in the pipeline.',
      details: ['An existing branch is taken as it is. Repeating a command that was cut off goes on where it stopped.'],
      options: {
        id: 'Its name; default: ITEM-1, ITEM-2, ...',
        branch: 'Its branch; default: work/ID.',
        stage: "Where it starts; default: the project's first stage.",
      },
      exits: DECIDES,
      example: 'interlock add "Fix the login" --id DEMO-1 --stage testing',
    },
    list: {
      summary: 'All work items with stage and condition.',
      details: [],
      options: {},
      exits: READS,
      example: 'interlock list',
    },
    show: {
      summary: 'One work item: state, branch, worktree, runs.',
      details: [],
      options: {},
      exits: READS,
      example: 'interlock show DEMO-1',
    },
    why: {
      summary: 'Why an item is not moving: what blocks it, since when, whose turn, what helps.',
      details: [],
      options: {},
      exits: READS,
      example: 'interlock why DEMO-1',
    },
    log: {
      summary: 'The audit trail of all items or of one: when, who, what, from -> to, evidence.',
      details: [
        'Steps of items, and what was done besides: landings, waivers, reserved numbers, clean-ups, frozen and opened queues.',
        'The journal is read for it, which takes as long as "interlock verify".',
      ],
      options: {},
      exits: READS,
      example: 'interlock log DEMO-1',
    },
    report: {
      summary: "An item's newest run, failures first.",
      details: [],
      options: { run: 'Another run than the newest; see "interlock show ID".' },
      exits: READS,
      example: 'interlock report DEMO-1',
    },
    status: {
      summary: 'One screen: counts, running runs, holds, deferrals, alerts, ledger, runner host.',
      details: [],
      options: {},
      exits: READS,
      example: 'interlock status',
    },
    advance: {
      summary: 'Take an item one stage on, as far as its evidence allows.',
      details: [
        'Runs what the stage needs and shows it. Ctrl-C cancels the run and waits until all its processes are dead;',
        'a second Ctrl-C leaves at once, the runner host goes on killing.',
        'With --until the exit code is that of the last step. When the terminal closes, the run goes on; the next advance takes it up.',
      ],
      options: { until: 'Go on until the item stands at STAGE, or a step does not advance.' },
      exits: [fine, rolledBack, usage, standing, refused, internal],
      example: 'interlock advance DEMO-1 --until merge',
    },
    hold: {
      summary: 'Stop an item where it stands.',
      details: [],
      options: REASON,
      exits: DECIDES,
      example: 'interlock hold DEMO-1 --reason "design not settled"',
    },
    release: {
      summary: 'Lift a hold, or move on a stage that no exit code decides, as your own decision.',
      details: ['Fresh budgets come with it. Stages that a verdict or the remote decides are never moved by hand.'],
      options: REASON,
      exits: DECIDES,
      example: 'interlock release DEMO-1 --reason "reviewed by hand"',
    },
    acknowledge: {
      summary: 'Say that you have seen what an item changed of its own judges.',
      details: [
        'Those are the test set-up, CI and rules, as the configuration on the base branch protects them.',
        'SET names exactly what you looked at; the hold and the report show it. Without it the findings are listed.',
        'The next advance goes on with the verdict that waits, without another run.',
      ],
      options: { set: 'The set of findings that you looked at.', ...REASON },
      exits: DECIDES,
      example: 'interlock acknowledge DEMO-1 --set 1a2b3c4d5e6f --reason "new CI job"',
    },
    'send-back': {
      summary: 'Send an item back to development, at no cost to its budgets.',
      details: [],
      options: REASON,
      exits: DECIDES,
      example: 'interlock send-back DEMO-1 --reason "wrong approach"',
    },
    queue: {
      summary: 'Who lands on base, who waits at merge in which order, and why.',
      details: [],
      options: { base: "Another base branch than the configuration's." },
      exits: READS,
      example: 'interlock queue',
    },
    waive: {
      summary: 'Say that one finding of the merge gate is meant. A person only.',
      details: [
        'The finding is one line of one path: "interlock report ID" shows its hash. It stays in the reports,',
        'with your name and reason, and is handed to the gate with each later run of the item.',
      ],
      options: { finding: "The finding's hash, or its first 8 digits and more.", ...REASON },
      exits: DECIDES,
      example: 'interlock waive DEMO-1 --finding 1a2b3c4d5e6f --reason "replaced on purpose"',
    },
    renumber: {
      summary: "Give an item's documents the numbers that the merge gate planned.",
      details: [
        'One commit on its branch, in its worktree, which must be clean. Then it goes through its stages again.',
      ],
      options: {},
      exits: DECIDES,
      example: 'interlock renumber DEMO-1',
    },
    reserve: {
      summary: 'Reserve the next free number of a series of documents for an item.',
      details: [
        'SERIES is a pattern of "merge.numbered" in interlock.json; without it, the only one. Free is what neither base on the',
        'remote, nor the branch of an open item, nor another reservation has. Asked again, it says the number that no document',
        'of the item has yet. The number is free again once the item has landed without it.',
      ],
      options: {},
      exits: DECIDES,
      example: 'interlock reserve DEMO-1 "docs/adr/adr-*.md"',
    },
    unfreeze: {
      summary: 'Let items land again after an alarm froze the queue. A person only.',
      details: [],
      options: { base: 'Which queue; needed where more than one is frozen.', ...REASON },
      exits: DECIDES,
      example: 'interlock unfreeze --reason "main was rewound by mistake, and is back"',
    },
    clean: {
      summary: "Remove a done item's worktree and branch, with proof that nothing is lost.",
      details: [
        'Every commit of the branch must be on base, as the remote shows it: in its history, or by content. The worktree',
        'must hold nothing of its own (what a tool makes again may go), and nobody may work in it. Else nothing is removed,',
        'and all that is in the way is listed. A backup ref keeps the branch; the answer says how to bring it back.',
      ],
      options: { 'dry-run': 'Only say what would be removed, or what is in the way.' },
      exits: DECIDES,
      example: 'interlock clean DEMO-1 --dry-run',
    },
    cancel: {
      summary: "Stop an item's running run; returns when every process of it is dead.",
      details: [],
      options: REASON,
      exits: DECIDES,
      example: 'interlock cancel DEMO-1',
    },
    'release-lease': {
      summary: 'Take the lease of an item, or of a queue, from an owner that is gone.',
      details: [
        'A dead owner loses it at once; one on another machine or in another container only with --force;',
        'one that is alive here never: stop its run, or end its process. Whatever the old owner still',
        'writes is refused. A run that is going goes on; the next advance takes it up.',
        'With --queue it is the lease of the queue of that base branch; --force needs a person and a reason there.',
      ],
      options: {
        queue: "The base branch whose queue is meant, in place of an item's id.",
        force: 'Also from an owner of whom nobody here can say whether it lives.',
        ...REASON,
      },
      exits: DECIDES,
      example: 'interlock release-lease DEMO-1 --force --reason "that machine is gone"',
    },
    prove: {
      summary: 'Prove that the gate can go red: plant a failing test on base, demand FAIL.',
      details: [
        'Works in a scratch worktree that is removed afterwards; dependencies are lent by the main worktree.',
        'A gate that stays green is blind: nothing passes testing until a later proof succeeds.',
        'Exit code 4 if it is blind, 3 if it could not be shown either way.',
      ],
      options: {},
      exits: [fine, usage, standing, refused, internal],
      example: 'interlock prove',
    },
    alerts: {
      summary: 'What a person should look at: items that were held by a fault, oldest first.',
      details: ['"interlock status" shows the same until it is marked as seen.'],
      options: { seen: 'Mark what is shown as seen, for everybody.' },
      exits: DECIDES,
      example: 'interlock alerts --seen',
    },
    verify: {
      summary: 'Check the ledger: hashes, attestations, invariants. Exit code 5 on any finding.',
      details: [
        'With COMMIT: whether that commit on base is what its receipt says (tree, parent, the tested commit, history);',
        'exit code 4 if not.',
      ],
      options: {},
      exits: [fine, usage, refused, internal],
      example: 'interlock verify --json',
    },
    'host status': {
      summary: 'What the runner host does: runs, containment, memory.',
      details: [],
      options: {},
      exits: READS,
      example: 'interlock host status',
    },
    'host drain': {
      summary: 'Let the runner host end: no new run, the present ones finish first.',
      details: [],
      options: { cancel: 'Cancel the present runs instead of waiting for them.' },
      exits: READS,
      example: 'interlock host drain --cancel',
    },
  },
};
