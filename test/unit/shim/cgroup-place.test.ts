import { expect, test } from 'vitest';
import { Cgroup } from '../../../runner-host/shim/cgroup';
import { ownCgroupFolder } from '../../../runner-host/shim/cgroup-place';

const line = (root: string, point: string, type = 'cgroup2') =>
  `30 23 0:26 ${root} ${point} rw,nosuid shared:4 - ${type} cgroup2 rw,nsdelegate\n`;

test.each([
  [
    'the unified hierarchy',
    line('/', '/sys/fs/cgroup'),
    '0::/user.slice/app.scope\n',
    '/sys/fs/cgroup/user.slice/app.scope',
  ],
  ['the root', line('/', '/sys/fs/cgroup'), '0::/\n', '/sys/fs/cgroup'],
  ['a hybrid machine', line('/', '/sys/fs/cgroup/unified'), '4:memory:/a\n0::/b\n', '/sys/fs/cgroup/unified/b'],
  ['a container that sees a part', line('/docker/1', '/sys/fs/cgroup'), '0::/docker/1/x\n', '/sys/fs/cgroup/x'],
  ['a mount point with a blank', line('/', '/mnt/my\\040cgroups'), '0::/a\n', '/mnt/my cgroups/a'],
  ['a second mount that shows it', line('/other', '/one') + line('/', '/two'), '0::/a\n', '/two/a'],
])('%s', (_what, mounts, cgroup, folder) => {
  expect(ownCgroupFolder(mounts, cgroup)).toBe(folder);
});

test.each([
  ['version 1 alone', line('/', '/sys/fs/cgroup', 'cgroup'), '4:memory:/a\n'],
  ['no mount', '', '0::/a\n'],
  ['a mount that does not show it', line('/other', '/sys/fs/cgroup'), '0::/a\n'],
  ['a mount whose name only begins alike', line('/a', '/sys/fs/cgroup'), '0::/ab\n'],
  ['a place outside of the cgroup namespace', line('/', '/sys/fs/cgroup'), '0::/../other\n'],
])('there is none to be used: %s', (_what, mounts, cgroup) => {
  expect(ownCgroupFolder(mounts, cgroup)).toBeNull();
});

test.each(['/sys/fs/cgroup', '/sys/fs/cgroup/user.slice', '/sys/fs/cgroup/interlock-1', 'interlock-0123456789abcdeF'])(
  'nobody is ended in a cgroup that no run has made: %s',
  (path) => {
    expect(() => new Cgroup(path)).toThrow('no cgroup of a run');
  },
);
