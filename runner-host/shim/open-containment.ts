import type { ProcessTable } from '../processes/process-table';
import { Cgroup } from './cgroup';
import { Containment } from './containment';
import { becomeSubreaper, type Kernel } from './kernel';
import type { ContainmentName } from './messages';

export interface OpenedContainment {
  /** Null: nothing but looking at the process table is left. */
  containment: Containment | null;
  means: ContainmentName[];
  cgroup: string | null;
  /** Why each one that is not used is not. */
  notes: string[];
}

/** What the machine may give; an argument for tests. */
export interface Machine {
  platform: NodeJS.Platform;
  subreaper(): Kernel;
  cgroup(): Cgroup;
}

/** @param nativeFile koffi's native part, if there is one for this machine */
export function thisMachine(nativeFile: string | undefined): Machine {
  return {
    platform: process.platform,
    subreaper() {
      if (nativeFile === undefined) throw new Error(`koffi is not there for ${process.platform}-${process.arch}`);
      return becomeSubreaper(nativeFile);
    },
    cgroup: () => Cgroup.make(),
  };
}

/**
 * The strongest containment that a machine gives: both where both work. A subreaper can't be left by any process of
 * the run; a cgroup ends all of them at once, also those of other users, and outlives this shim.
 */
export function openContainment(
  table: ProcessTable,
  allowed: readonly ContainmentName[],
  machine: Machine,
): OpenedContainment {
  const notes: string[] = [];
  const attempt = <T>(name: ContainmentName, open: () => T): T | null => {
    if (!allowed.includes(name)) {
      notes.push(`${name}: switched off`);
      return null;
    }
    try {
      if (machine.platform !== 'linux') throw new Error(`${machine.platform} has none`);
      return open();
    } catch (error) {
      notes.push(`${name}: ${(error as Error).message}`);
      return null;
    }
  };
  const kernel = attempt('subreaper', () => machine.subreaper());
  const cgroup = attempt('cgroup', () => machine.cgroup());
  const means: ContainmentName[] = [...(kernel ? ['subreaper' as const] : []), ...(cgroup ? ['cgroup' as const] : [])];
  const containment = means.length === 0 ? null : new Containment(table, kernel, cgroup);
  return { containment, means, cgroup: cgroup?.path ?? null, notes };
}
