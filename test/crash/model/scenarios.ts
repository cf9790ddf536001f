import { PROTOCOL, type Mishaps, type Operation, type Rules, type Scenario } from './state';

export const NO_MISHAPS: Mishaps = { crashes: 0, restarts: 0, powerCuts: 0, shortWrites: 0, failedFlushes: 0 };

export function scenario(
  scripts: readonly (readonly Operation[])[],
  mishaps: Partial<Mishaps> = {},
  rules: Partial<Rules> = {},
): Scenario {
  return { scripts, mishaps: { ...NO_MISHAPS, ...mishaps }, rules: { ...PROTOCOL, ...rules } };
}

/** Small enough to be explored with every test run: about 250,000 states in all. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'three writers, a kill, a power cut': scenario([['advance'], ['advance'], ['advance']], {
    crashes: 1,
    powerCuts: 1,
  }),
  'two writers with two transactions each, one of them in groups, a kill, a power cut': scenario(
    [
      ['advance', 'advance'],
      ['advance two', 'advance'],
    ],
    { crashes: 1, powerCuts: 1 },
  ),
  'a kill and a restart': scenario([['advance', 'advance'], ['advance two']], { crashes: 1, restarts: 1 }),
  'a power cut, and both writers start again': scenario([['advance two'], ['advance two']], {
    restarts: 2,
    powerCuts: 1,
  }),
  'a full disk, a kill, a power cut': scenario([['advance', 'advance'], ['advance']], {
    shortWrites: 1,
    crashes: 1,
    powerCuts: 1,
  }),
  'a failed flush, then a power cut and a restart': scenario([['advance', 'advance'], ['advance']], {
    failedFlushes: 1,
    powerCuts: 1,
    restarts: 1,
  }),
  'a lease through its whole life, a kill': scenario(
    [
      ['take', 'renew', 'act', 'release'],
      ['take', 'act', 'release'],
    ],
    { crashes: 1 },
  ),
  'writes under a lease, a kill, a power cut': scenario(
    [
      ['take', 'advance leased'],
      ['take', 'advance leased'],
    ],
    { crashes: 1, powerCuts: 1 },
  ),
  'a person takes the lease away, a kill': scenario(
    [
      ['take', 'renew', 'advance leased', 'release'],
      ['take', 'take away'],
    ],
    { crashes: 1 },
  ),
};

/** Another million states, for the long run. */
export const LONG_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'three writers, a kill, a restart, a power cut': scenario([['advance'], ['advance'], ['advance']], {
    crashes: 1,
    restarts: 1,
    powerCuts: 1,
  }),
  'three who want the lease, a kill, a restart': scenario([['take'], ['take'], ['take']], { crashes: 1, restarts: 1 }),
  'leases with writes and acts, a kill, a restart': scenario(
    [
      ['take', 'advance leased', 'release'],
      ['take', 'advance leased', 'act'],
    ],
    { crashes: 1, restarts: 1 },
  ),
  'a third person takes leases away': scenario([['take', 'advance leased'], ['take', 'advance leased'], ['take away']]),
};
