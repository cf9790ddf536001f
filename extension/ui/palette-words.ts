/** The terminal's commands on an item that VS Code has too, with the titles of package.nls.json. */
const ON_ITEM: Readonly<Record<string, string>> = {
  advance: 'Advance Stage',
  hold: 'Hold',
  release: 'Release',
  acknowledge: 'Acknowledge Findings',
  'release-lease': 'Release Lease',
  'send-back': 'Send Back',
  cancel: 'Cancel Run',
  waive: 'Waive Finding',
  renumber: 'Renumber',
  clean: 'Clean Up Item',
  reserve: 'Reserve Document Number',
  why: 'Why Is This Item Not Moving?',
};
const ON_REPOSITORY: Readonly<Record<string, string>> = {
  init: 'Initialize',
  add: 'Add Work Item',
  prove: 'Prove the Gate',
  verify: 'Verify Ledger',
  'host status': 'Show Host Status',
  doctor: 'Check Staging Host',
  unfreeze: 'Unfreeze Queue',
};
export const TITLES: Readonly<Record<string, string>> = { ...ON_ITEM, ...ON_REPOSITORY };

const anyOf = (names: object): string => Object.keys(names).join('|');
/** With the item's id, a quoted text and options with their values or placeholders, which the palette asks for, and with the backticks around it all. */
const COMMAND = new RegExp(
  `(\`?)\\binterlock (?:(${anyOf(ON_ITEM)}) [A-Za-z][\\w.-]*\\w|(${anyOf(ON_REPOSITORY)}|release-lease(?= --queue))\\b(?: "[^"]*")?)(?: --(?:base|queue) [^\\s\`]+| --[a-z]+(?: (?:[0-9a-f]{12,}|[A-Z]{4,}))?)*\\1`,
  'g',
);

/** A text of the engine with the palette's commands in place of the terminal's: what a person in a window looks for. */
export function inPalette(text: string): string {
  return text.replace(
    COMMAND,
    (_all, _tick, onItem?: string, onRepository?: string) => `"Interlock: ${TITLES[onItem ?? onRepository ?? '']}"`,
  );
}
