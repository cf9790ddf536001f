import type { Command } from '../command';
import type { CommandName } from '../command-specs';
import { advance } from './advance';
import { cancel, hold, release, sendBack } from './decisions';
import { hostDrain, hostStatus } from './host';
import { init } from './init';
import { add, list, show } from './items';
import { log } from './log';
import { report } from './report';
import { status } from './status';
import { verify } from './verify';
import { why } from './why';

/** What carries out each command of the table. */
export const RUN: Readonly<Record<CommandName, Command>> = {
  init,
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
  'send-back': sendBack,
  cancel,
  verify,
  'host status': hostStatus,
  'host drain': hostDrain,
};
