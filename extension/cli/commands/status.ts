import type { HostStatus } from '../../../runner-host/protocol/methods';
import type { ConfigReading } from '../../config/project-config';
import type { Engine } from '../../engine';
import type { ItemRow } from '../../ledger/rows';
import { age, stamp } from '../age';
import type { Problem } from '../cli-error';
import type { Command } from '../command';
import { describeError } from '../describe-error';
import { EXIT } from '../exit-codes';
import { facts } from '../facts';
import { alertView, holdView, itemView } from '../json-views';
import { BLANK, line, type Line } from '../line';
import { table, type TableRow } from '../table';
import { texts } from '../texts';

const CONDITIONS = ['running', 'ready', 'waiting', 'deferred', 'held', 'done'] as const;

/** A host that could not be asked is neither running nor absent. */
type HostReading = { state: 'running'; status: HostStatus } | { state: 'none' } | { state: 'unknown'; error: Problem };

/** One screen: how many items do what, what runs, what is held or deferred and why, alerts, configuration, ledger, host. */
export const status: Command = async (context) => {
  const engine = await context.engine();
  const { read, repository, ledgerHealth } = engine;
  const [configuration, host] = await Promise.all([engine.config(), askHost(engine)]);
  const items = read.items();
  const of = (condition: string): ItemRow[] => items.filter((item) => item.condition === condition);
  const [running, held, deferred] = [of('running'), of('held'), of('deferred')];
  const alerts = read.alerts();
  const switchedOff = read.switches().filter(({ state }) => state === 'off' || state === 'blind');
  const now = context.world.now();
  const counts = Object.fromEntries(CONDITIONS.map((condition) => [condition, of(condition).length]));

  const section = (title: string, rows: TableRow[], heading: readonly string[]): Line[] =>
    rows.length === 0 ? [] : [BLANK, line(title, 'title'), ...table(heading, rows, context.columns)];
  return {
    exit: EXIT.fine,
    json: {
      repository: { root: repository.root, stateDir: repository.stateDir },
      configuration: configuration.ok
        ? {
            ok: true,
            base: configuration.loaded.base,
            hash: configuration.loaded.hash,
            stages: configuration.loaded.config.stages,
          }
        : { ok: false, problems: configuration.problems },
      ledger: ledgerHealth,
      counts,
      running: running.map(itemView),
      waiting: of('waiting').map(itemView),
      deferred: deferred.map(itemView),
      holds: held.flatMap(({ id }) => read.hold(id) ?? []).map(holdView),
      alerts: alerts.map(alertView),
      switches: read.switches().map(({ name, state, actor, reason, at }) => ({ name, state, actor, reason, at })),
      host: host.state === 'unknown' ? { ...host, error: publicError(host.error) } : host,
    },
    lines: [
      line(repository.root, 'title'),
      ...facts([
        [
          texts.label.items,
          items.length === 0 ? texts.noItems : CONDITIONS.map((name) => `${counts[name]} ${name}`).join(', '),
        ],
        [texts.label.configuration, describeConfiguration(configuration)],
        [
          texts.label.ledger,
          ledgerHealth.mode === 'open' ? texts.ledgerOpen : texts.readOnly(ledgerHealth.reason, ledgerHealth.remedy),
        ],
        [
          texts.label.switches,
          switchedOff.map(({ name, state, actor, reason }) => texts.switchedOff(name, state, actor, reason)).join('; '),
        ],
        [texts.label.host, describeHost(host, now)],
      ]),
      ...section(
        texts.sections.running,
        rowsOf(running, (item) => [age(item.since, now), item.reason]),
        texts.columns.running,
      ),
      ...section(
        texts.sections.held,
        rowsOf(held, (item) => [age(item.since, now), item.reason]),
        texts.columns.held,
      ),
      ...section(
        texts.sections.deferred,
        rowsOf(deferred, (item) => [
          item.next_at === null ? '-' : `${age(item.next_at, now)} (${stamp(item.next_at)})`,
          item.reason,
        ]),
        texts.columns.deferred,
      ),
      ...section(
        texts.sections.alerts,
        alerts.map(({ item, at, code, text }) => ({ cells: [item, age(at, now), `${text} [${code}]`] })),
        texts.columns.alerts,
      ),
    ],
  };
};

const rowsOf = (items: readonly ItemRow[], rest: (item: ItemRow) => string[]): TableRow[] =>
  items.map((item) => ({ cells: [item.id, item.stage, ...rest(item)] }));

async function askHost(engine: Engine): Promise<HostReading> {
  try {
    const answer = await engine.hostStatus();
    return answer === null ? { state: 'none' } : { state: 'running', status: answer };
  } catch (error) {
    return { state: 'unknown', error: describeError(error) };
  }
}

const publicError = ({ code, message, remedy }: Problem) => ({ code, message, remedy });

function describeConfiguration(reading: ConfigReading): string {
  if (!reading.ok) return texts.configBroken(texts.configInvalid(reading.problems));
  const { base, config } = reading.loaded;
  return texts.configFine(base.branch, base.commit.slice(0, 8), config.stages);
}

function describeHost(host: HostReading, now: number): string {
  switch (host.state) {
    case 'running':
      return texts.hostLine(host.status.identity.pid, host.status.runs.length, age(host.status.startedAt, now));
    case 'none':
      return texts.noHost;
    case 'unknown':
      return texts.hostUnknown(host.error.message);
  }
}
