import { expect, test } from 'vitest';
import { openProcessTable } from '../../../runner-host/processes/own-identity';
import { Cgroup } from '../../../runner-host/shim/cgroup';
import type { Kernel } from '../../../runner-host/shim/kernel';
import { CONTAINMENTS } from '../../../runner-host/shim/messages';
import { openContainment, type Machine } from '../../../runner-host/shim/open-containment';

const kernel: Kernel = { peek: () => 'childless', reap: () => undefined };
const PATH = '/nowhere/interlock-0123456789abcdef';

const all: Machine = { platform: 'linux', subreaper: () => kernel, cgroup: () => new Cgroup(PATH) };
const refused = (why: string) => (): never => {
  throw new Error(why);
};

test.each<[string, Partial<Machine>, readonly string[], string | null, string[]]>([
  ['everything there is', {}, ['subreaper', 'cgroup'], 'cgroup', []],
  ['no cgroup may be made', { cgroup: refused('EACCES') }, ['subreaper'], 'subreaper', ['cgroup: EACCES']],
  ['no native part', { subreaper: refused('no file') }, ['cgroup'], 'cgroup', ['subreaper: no file']],
  [
    'neither',
    { subreaper: refused('no file'), cgroup: refused('EACCES') },
    [],
    null,
    ['subreaper: no file', 'cgroup: EACCES'],
  ],
  ['macOS', { platform: 'darwin' }, [], null, ['subreaper: darwin has none', 'cgroup: darwin has none']],
])('%s', (_name, machine, means, kind, notes) => {
  const opened = openContainment(openProcessTable(), CONTAINMENTS, { ...all, ...machine });
  expect(opened).toMatchObject({ means, notes, cgroup: means.includes('cgroup') ? PATH : null });
  expect(opened.containment?.kind ?? null).toBe(kind);
});

test('what is switched off is not even tried', () => {
  const tried = refused('tried');
  const opened = openContainment(openProcessTable(), [], { platform: 'linux', subreaper: tried, cgroup: tried });
  expect(opened).toEqual({
    containment: null,
    means: [],
    cgroup: null,
    notes: ['subreaper: switched off', 'cgroup: switched off'],
  });
});
