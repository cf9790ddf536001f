import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { judgeLiveness, type Liveness } from '../protocol/identity';
import type { ProcessIdentity } from '../protocol/methods';
import type { ProcessTable } from './process-table';
import { ProcTable } from './proc-table';
import { PsTable } from './ps-table';
import { WindowsTable } from './windows-table';

/** The process table of this machine. */
export function openProcessTable(platform: NodeJS.Platform = process.platform): ProcessTable {
  if (platform === 'win32') return new WindowsTable();
  return platform === 'linux' ? new ProcTable() : new PsTable();
}

/** Start times are absolute dates on Windows, so no boot id is needed there. */
function bootId(platform: NodeJS.Platform): string {
  if (platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  if (platform === 'win32') return 'none';
  const run = spawnSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8', timeout: 5000 });
  return run.stdout?.trim() || 'none';
}

/** Who this process is. Throws if the process table can't be read: without it nothing can be told apart from anything. */
export function ownIdentity(table: ProcessTable): ProcessIdentity {
  const me = table.read(process.pid);
  if (!me) throw new Error('the process table can not be read');
  return {
    host: hostname(),
    bootId: bootId(process.platform),
    pidNamespace: process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : '',
    pid: process.pid,
    startTime: me.startTime,
  };
}

/** Whether the owner of a record lives; `unknown` is never to be taken for dead. */
export function livenessOf(table: ProcessTable, me: ProcessIdentity, owner: ProcessIdentity): Liveness {
  const entry = table.read(owner.pid);
  if (entry === undefined) return judgeLiveness(me, owner, undefined);
  return judgeLiveness(me, owner, entry === null || entry.ended ? null : entry.startTime);
}
