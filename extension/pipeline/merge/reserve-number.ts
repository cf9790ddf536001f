import { numberIn, seriesParts, type SeriesParts } from '../../../runner-host/protocol/document-series';
import type { ProjectConfig } from '../../config/project-config';
import type { ItemRow } from '../../ledger/rows';
import type { PipelinePorts } from '../context';
import type { Reason } from '../outcome';
import { unknownItem } from '../person-commands';

export interface ReserveCommand {
  item: string;
  /** A pattern of "merge.numbered"; null: the only one there is. */
  series: string | null;
  actor: string;
}

export type ReserveOutcome =
  | {
      ok: true;
      item: ItemRow;
      text: string;
      series: string;
      number: number;
      /** How the document's path begins: `docs/adr/adr-0008`. */
      start: string;
    }
  | { ok: false; reason: Reason };

type Ports = Pick<PipelinePorts, 'ledger' | 'git' | 'clock'>;
type Config = Pick<ProjectConfig, 'base' | 'remote' | 'merge'>;

/** Other windows that were faster. */
const MOST_TRIES = 50;
const MOST_DIGITS = 9;
/** Of a series that has no document yet. */
const FIRST_DIGITS = 4;

/**
 * Gives an item the next free number of a series of documents, or says the one that it has and no document has yet. Free is what neither
 * base on the remote, nor the branch of an open item, nor a reservation has. Throws `GitError` where base cannot be looked at.
 */
export async function reserveNumber(ports: Ports, config: Config, command: ReserveCommand): Promise<ReserveOutcome> {
  await ports.ledger.refresh();
  const item = ports.ledger.read.item(command.item);
  if (!item) return { ok: false, reason: unknownItem(command.item) };
  if (item.condition === 'done')
    return refuse('already-done', `${item.id} is done`, 'Reserve it for the item that writes the document.');
  const series = chooseSeries(config, command);
  if (typeof series !== 'string') return { ok: false, reason: series };
  const parts = seriesParts(series);
  if (!parts) return refuse('no-series', `"${series}" is no series of documents`, 'Correct "merge.numbered"');
  return takeNumber(ports, config, { item, series, parts, actor: command.actor });
}

function chooseSeries({ merge }: Config, { item, series }: ReserveCommand): string | Reason {
  const known = merge?.numbered ?? [];
  const [only, second] = known;
  if (only === undefined)
    return {
      code: 'no-series',
      text: 'interlock.json names no series of numbered documents',
      remedy: 'Write for example: "merge": { "numbered": ["docs/adr/adr-*.md"] }',
    };
  if (series === null && second === undefined) return only;
  if (series !== null && known.includes(series)) return series;
  return {
    code: 'unknown-series',
    text: series === null ? 'there is more than one series' : `interlock.json has no series "${series}"`,
    remedy: known.map((pattern) => `interlock reserve ${item} "${pattern}"`).join(', or '),
  };
}

interface Wanted {
  item: ItemRow;
  series: string;
  parts: SeriesParts;
  actor: string;
}

async function takeNumber(ports: Ports, config: Config, wanted: Wanted): Promise<ReserveOutcome> {
  const { ledger, clock } = ports;
  const { item, series, parts, actor } = wanted;
  const reserved = (): { number: number; item: string }[] =>
    ledger.read.reservations().filter((row) => row.series === series);
  // Read before base is: what lands in between loses its reservation, and base did not show it yet.
  const before = reserved().map(({ number }) => number);
  const documents = await documentsOf(ports, config, parts);
  if (documents === null)
    return refuse('base-missing', `there is no branch ${config.base}`, 'Correct "base" in interlock.json');
  const written = new Set(documents.map(({ number }) => number));
  const width = Math.max(...documents.map(({ digits }) => digits.length), documents.length > 0 ? 0 : FIRST_DIGITS);
  const answer = (number: number, how: string): ReserveOutcome => {
    const start = `${parts.folder === '' ? '' : `${parts.folder}/`}${parts.prefix}${String(number).padStart(width, '0')}`;
    const text = `number ${number} of ${series} is ${how} ${item.id}: name the document ${start}-TITLE${parts.suffix}`;
    return { ok: true, item, text, series, number, start };
  };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const own = reserved().find((row) => row.item === item.id && !written.has(row.number));
    if (own) return answer(own.number, 'reserved already for');
    const number = 1 + Math.max(0, ...written, ...before, ...reserved().map((row) => row.number));
    if (String(number).length > MOST_DIGITS)
      return refuse('series-full', `${series} has no number left`, 'Look at the document with the highest number.');
    const id = `${series}#${number}`;
    const kept = await ledger.commit({
      actor,
      event: 'reserve',
      pre: [
        ['reservations', id, null],
        ['items', item.id, { stage: item.stage }],
      ],
      put: [['reservations', { id, series, number, item: item.id, actor, at: clock.now() }]],
    });
    if (kept.ok) return answer(number, 'reserved for');
    await ledger.refresh();
    if (kept.table === 'items')
      return refuse('changed-meanwhile', `${item.id} changed meanwhile`, `interlock reserve ${item.id} again`);
  }
  return refuse('busy', `others were faster ${MOST_TRIES} times`, `interlock reserve ${item.id} again`);
}

/** The numbers on base as the remote has it now, and on the branches of all open items; null: there is no base. */
async function documentsOf(
  { git, ledger }: Pick<Ports, 'git' | 'ledger'>,
  { base, remote }: Pick<Config, 'base' | 'remote'>,
  parts: SeriesParts,
): Promise<{ number: number; digits: string }[] | null> {
  const onBase = remote === '' ? await git.commitOf(`refs/heads/${base}`) : await git.fetchBase(remote, base);
  if (onBase === null) return null;
  const open = ledger.read.items().filter(({ condition }) => condition !== 'done');
  const tips = await Promise.all(open.map(({ branch }) => git.commitOf(`refs/heads/${branch}`)));
  const commits = [...new Set([onBase, ...tips])].filter((commit): commit is string => commit !== null);
  const lists = await Promise.all(commits.map((commit) => git.listFiles(commit, parts.folder)));
  return lists.flat().flatMap((path) => numberIn(parts, path) ?? []);
}

function refuse(code: string, text: string, remedy: string): { ok: false; reason: Reason } {
  return { ok: false, reason: { code, text, remedy } };
}
