import { expect, test } from 'vitest';
import { openProcessTable } from '../../../runner-host/processes/own-identity';
import { Containment } from '../../../runner-host/shim/containment';
import type { Kernel } from '../../../runner-host/shim/kernel';

/** A kernel with these dead children, in this order, and perhaps a living one. */
function kernelWith(dead: number[], living: boolean): { kernel: Kernel; reaped: number[] } {
  const reaped: number[] = [];
  return {
    reaped,
    kernel: {
      peek: () => dead[0] ?? (living ? 'none-dead' : 'childless'),
      reap(pid) {
        reaped.push(pid);
        dead.splice(dead.indexOf(pid), 1);
      },
    },
  };
}

const LEADER = 5000;

function contain(kernel: Kernel, leaderEnded: boolean): Containment {
  const containment = new Containment(openProcessTable(), kernel, null);
  containment.start(() => ({ pid: LEADER, hasEnded: () => leaderEnded }));
  return containment;
}

test('orphans are laid to rest until the kernel knows of no child', () => {
  const { kernel, reaped } = kernelWith([7, 8, 9], false);
  expect(contain(kernel, true).isEmpty()).toBe(true);
  expect(reaped).toEqual([7, 8, 9]);
});

test('a living child is not nothing', () => {
  const { kernel, reaped } = kernelWith([7], true);
  expect(contain(kernel, true).isEmpty()).toBe(false);
  expect(reaped).toEqual([7]);
});

test('the command itself is left to Node, which would wait for it for ever', () => {
  const { kernel, reaped } = kernelWith([7, LEADER, 8], false);
  expect(contain(kernel, false).isEmpty()).toBe(false);
  expect(reaped).toEqual([7]);
});

test('an orphan that has got the number of the ended command is laid to rest', () => {
  const { kernel, reaped } = kernelWith([LEADER], false);
  expect(contain(kernel, true).isEmpty()).toBe(true);
  expect(reaped).toEqual([LEADER]);
});

test('nothing is no containment', () => {
  expect(() => new Containment(openProcessTable(), null, null)).toThrow('nothing contains');
});
