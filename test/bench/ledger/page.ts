import type { HeldFigure } from './figures-to-hold';
import type { Ratio } from './ratios';
import type { Measurements, Several, Single } from './results';
import { HISTORY } from './rows';
import { ADDED_MS } from './slow-flush';
import { LABELS } from './labels';

/** The page with every figure, as Markdown. What was not measured has a dash. */
export function writePage(
  measured: Measurements,
  facts: readonly string[],
  held: readonly HeldFigure[],
  ratios: readonly Ratio[],
): string {
  const { openings, singles, several, sightings, notes, lineBytes } = measured;
  return [
    '# Benchmark: the ledger beside its alternatives',
    'Made by `npm run bench -- ledger`; every figure is from one run. `--quick` measures roughly in less than a minute.',
    '![Charts of the tables below](../images/ledger-bench.svg)',
    list(facts),
    '## What is compared',
    `One transaction moves an item on: compare-and-swap on its stage and revision, one row of history, one verdict, on disk before
it is answered. Each item has ${HISTORY} transitions behind it. In the journal that is a line of ${lineBytes} bytes.`,
    list([
      `**${LABELS.raw}**: one append of ${lineBytes} bytes and one flush, the floor. It keeps no rows and decides no race. \`async\`: the flush on the thread pool.`,
      `**${LABELS.journal}**: Interlock's ledger, as its windows open it.`,
      `**${LABELS['sql.js']}**: the database in memory, the whole file written, flushed and renamed for each transaction, and read again when another process has replaced it. Nothing keeps two processes apart.`,
      `**${LABELS['better-sqlite3']}**, **${LABELS['node:sqlite']}**: WAL, \`synchronous=FULL\`, \`BEGIN IMMEDIATE\`, busy timeout 5 s. Their calls block the event loop.`,
      `**slow flush**: a library before libc adds ${ADDED_MS} ms to each fsync and fdatasync. The disk of this machine flushes far quicker than one expects of a laptop, so absolute times do not transfer.`,
    ]),
    '## Figures to hold',
    table(
      ['figure', 'measured', 'limit', ''],
      held.map(({ name, measured: value, limit, holds }) => [
        name,
        value,
        limit,
        holds ? 'holds' : '**does not hold**',
      ]),
    ),
    '## One process',
    `Times in ms; p50 is the middle one of the rounds' medians, in brackets the best of them. Busy: the event loop's time for one commit. Disk: \`write_bytes\` of /proc/self/io for one commit: whole pages, so at least the line and 4 KB.
First 50: the median of the first commits of a new process, before the others are timed. Memory: growth of the process from before it opened the store to the end of the run.`,
    table(
      ['items', 'store', 'p50', 'p99', 'first 50', 'busy', 'disk KB', 'memory MB', 'slow flush: p50', 'p99', 'busy'],
      singles.filter(({ slow }) => !slow).map((one) => singleRow(one, singles)),
    ),
    '## Opening',
    'Times in ms, median of new processes with the files in the page cache. Library: loading WASM or the native module, before.',
    table(
      ['items', 'store', 'open', 'library', 'memory MB', 'files MB'],
      openings.map(({ items, store, openMs, libraryMs, rss, fileBytes }) => [
        items.toLocaleString('en'),
        LABELS[store],
        number(openMs),
        number(libraryMs),
        number(rss / 2 ** 20),
        number(fileBytes / 2 ** 20),
      ]),
    ),
    '## Several processes that want the same ten items',
    `Times in ms from the first attempt until the transition was made. Lowest share: the process with the fewest commits, as a part
of its fair share. Lost races: told that another process was faster. Refused: calls that ended with SQLITE_BUSY, and were made again. Missing: commits that were answered with success and are not there afterwards.`,
    table(
      [
        'processes',
        'flush',
        'store',
        'commits/s',
        'p50',
        'p99',
        'longest',
        'lowest share',
        'lost races',
        'refused',
        'missing',
      ],
      several.map(severalRow),
    ),
    '## Another window',
    `Times in ms from the answer in one process until another, which watches, has read the row; below zero: before the answer. The
two SQLites are watched through the WAL file, and asked every 100 ms.`,
    table(
      ['flush', 'store', 'p50', 'p99', 'longest', 'never seen'],
      sightings.map(({ slow, store, p50, p99, longest, unseen }) => [
        flush(slow),
        LABELS[store],
        number(p50),
        number(p99),
        number(longest),
        String(unseen),
      ]),
    ),
    '## The journal beside each alternative',
    'How many times theirs ours is: below 1x we are lower.',
    table(
      ['alternative', 'where', 'journal is'],
      ratios.map(({ other, what, text }) => [LABELS[other], what, text]),
    ),
    ...(notes.length === 0 ? [] : ['## Not measured', list(notes)]),
  ].join('\n\n');
}

function singleRow(one: Single, all: readonly Single[]): string[] {
  const slow = all.find((other) => other.slow && other.store === one.store && other.items === one.items);
  return [
    one.items.toLocaleString('en'),
    LABELS[one.store],
    `${number(one.p50)} (${number(one.best)})`,
    number(one.p99),
    number(one.firstP50),
    number(one.busyMs),
    one.diskBytes === null ? '-' : number(one.diskBytes / 1024),
    number(one.rss / 2 ** 20),
    number(slow?.p50 ?? NaN),
    number(slow?.p99 ?? NaN),
    number(slow?.busyMs ?? NaN),
  ];
}

function severalRow(one: Several): string[] {
  return [
    String(one.processes),
    flush(one.slow),
    LABELS[one.store],
    number(one.perSecond),
    number(one.p50),
    number(one.p99),
    number(one.longest),
    `${Math.round(100 * one.lowestShare)} %`,
    String(one.lostRaces),
    String(one.failures),
    one.missing === null ? '-' : `${one.missing} of ${one.answered}`,
  ];
}

const flush = (slow: boolean): string => (slow ? `+${ADDED_MS} ms` : 'native');

function number(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const list = (points: readonly string[]): string => points.map((point) => `- ${point}`).join('\n');
