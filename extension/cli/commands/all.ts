import type { Command } from '../command';
import type { CommandName } from '../command-specs';
import { advance } from './advance';
import { alerts } from './alerts';
import { acknowledge, cancel, hold, release, renumber, sendBack, waive } from './decisions';
import { clean } from './clean';
import { doctor } from './doctor';
import { hostDrain, hostStatus } from './host';
import { init } from './init';
import { add, list, show } from './items';
import { log } from './log';
import { reserve } from './reserve';
import { releaseLease } from './release-lease';
import { prove } from './prove';
import { queue, unfreeze } from './queue';
import { report } from './report';
import { status } from './status';
import { verify } from './verify';
import { why } from './why';

/** What carries out each command of the table. */
export const RUN: Readonly<Record<CommandName, Command>> = {
  init,
  doctor,
  add,
  list,
  show,
  why,
  log,
  report,
  status,
  advance,
  hold,
  release,
  acknowledge,
  'send-back': sendBack,
  queue,
  waive,
  renumber,
  reserve,
  unfreeze,
  clean,
  cancel,
  'release-lease': releaseLease,
  alerts,
  prove,
  verify,
  'host status': hostStatus,
  'host drain': hostDrain,
};
