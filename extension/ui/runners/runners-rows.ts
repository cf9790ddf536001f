import type { HostStatus } from '../../../runner-host/protocol/methods';
import { age, clock, oneLine } from '../format';
import * as messages from '../messages';
import * as words from '../staging-messages';
import type { TreeRow } from '../tree/row';
import type { CheckedStaging } from './staging-checks';

/** `unknown`: the host could not be asked; never shown as "not running". */
export type HostFacts =
  { state: 'running'; status: HostStatus } | { state: 'idle' } | { state: 'unknown'; text: string };

export interface StagingFacts {
  /** As interlock.json names it. */
  host: string;
  demo: boolean;
  last: CheckedStaging | undefined;
  going: boolean;
}

/** The runner host of a repository, in a line. */
export function hostRow(host: HostFacts, now: number): TreeRow {
  const label = words.hostRow();
  const line = (description: string, tooltip: string, icon: string): TreeRow => ({
    label,
    description,
    tooltip,
    icon,
    colour: null,
    spoken: `${label}, ${description}`,
    context: 'runnerHost',
    folding: 'leaf',
  });
  switch (host.state) {
    case 'idle':
      return line(words.hostIdle(), words.hostIdleTip(), 'circle-outline');
    case 'unknown':
      return line(words.hostUnknown(), oneLine(host.text, 300), 'question');
    case 'running': {
      const { status } = host;
      const runs = status.runs.filter(({ state }) => state !== 'finished').length;
      const description = [words.hostRunning(status.identity.pid, runs), status.draining && words.hostDraining()];
      return line(description.filter(Boolean).join(' · '), messages.hostDetail(status, now), 'server-process');
    }
  }
}

/** The staging host with how it stood when somebody last looked. */
export function stagingRow({ host, demo, last, going }: StagingFacts, now: number): TreeRow {
  const name = demo ? words.transport('demo') : oneLine(last?.check.host ?? host, 120);
  const state = going
    ? words.beingChecked()
    : last
      ? `${words.stateWord(last.check.state, last.check.cause)} · ${age(last.at, now)}`
      : words.notChecked();
  const description = `${name} · ${state}`;
  return {
    label: words.stagingRow(),
    description,
    tooltip: last
      ? `${oneLine(last.check.host, 200)}: ${words.stateWord(last.check.state, last.check.cause)}, ${clock(last.at, now)}`
      : description,
    ...look(last, going),
    spoken: `${words.stagingRow()}, ${description}`,
    context: 'stagingHost',
    folding: last && last.check.facts.length > 0 ? (last.check.state === 'ready' ? 'collapsed' : 'expanded') : 'leaf',
  };
}

function look(last: CheckedStaging | undefined, going: boolean): Pick<TreeRow, 'icon' | 'colour'> {
  if (going) return { icon: 'loading~spin', colour: null };
  if (!last) return { icon: 'vm-outline', colour: null };
  return last.check.state === 'ready'
    ? { icon: 'pass', colour: 'testing.iconPassed' }
    : { icon: 'warning', colour: 'testing.iconQueued' };
}

/** One thing that a check looked at. */
export function factRow({ ok, text }: { ok: boolean | null; text: string }): TreeRow {
  const label = oneLine(text, 200);
  const word = words.factWord(ok);
  return {
    label,
    description: ok === true ? '' : word,
    tooltip: `${word}: ${label}`,
    icon: ok === null ? 'question' : ok ? 'check' : 'error',
    colour: ok === null ? 'testing.iconQueued' : ok ? 'testing.iconPassed' : 'testing.iconFailed',
    spoken: `${label}, ${word}`,
    context: 'fact',
    folding: 'leaf',
  };
}
