import type { HostStatus } from '../../../runner-host/protocol/methods';
import { age } from '../age';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { facts } from '../facts';
import { BLANK, line, type Line } from '../line';
import { table } from '../table';
import { texts } from '../texts';

export const hostStatus: Command = async (context) => {
  const host = await (await context.engine()).hostStatus();
  return {
    exit: EXIT.fine,
    json: { host },
    lines: host === null ? [line(texts.noHost)] : describeHost(host, context.world.now(), context.columns),
  };
};

export const hostDrain: Command = async (context) => {
  const cancel = context.args.flag('cancel');
  const drained = await (await context.engine()).hostDrain(cancel);
  const text = !drained ? texts.nothingToDrain : cancel ? texts.drainingNow : texts.draining;
  return { exit: EXIT.fine, json: { drained, text }, lines: [line(text)] };
};

function describeHost(host: HostStatus, now: number, columns: number | undefined): Line[] {
  const runs = host.runs.map(({ run, item, state, position, startedAt }) => ({
    cells: [
      run,
      item,
      position === null ? state : `${state} (${position})`,
      startedAt === null ? '-' : age(startedAt, now),
    ],
  }));
  return [
    line(texts.hostLine(host.identity.pid, host.runs.length, age(host.startedAt, now)), 'title'),
    ...facts([
      [texts.label.draining, host.draining ? texts.draining : null],
      [texts.label.clients, String(host.clients)],
      [texts.label.memory, `${Math.round(host.memoryBytes / 1024 / 1024)} MiB`],
      [texts.label.containment, host.containment],
      [texts.label.protocol, String(host.version)],
    ]),
    ...(runs.length === 0 ? [] : [BLANK, ...table(texts.columns.hostRuns, runs, columns)]),
  ];
}
