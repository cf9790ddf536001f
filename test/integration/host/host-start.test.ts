import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHost } from '../../../extension/host/create-host';
import { hostPids, newestRecord, openHostRig, pidsWith, until, type HostRig } from './host-rig';

let rig: HostRig;
beforeEach(async () => {
  rig = await openHostRig();
});
afterEach(() => rig.close());

const isAlive = (pid: number): boolean => pidsWith('').includes(pid);

describe('one host for a repository', () => {
  test('many starters at once: exactly one serves, the others end with 0', async () => {
    for (let round = 0; round < 4; round += 1) {
      const starters = Array.from({ length: 4 }, () => {
        const child = spawn(process.execPath, [rig.entry, '--state', rig.stateDir, '--idle-ms', '60000'], {
          stdio: 'ignore',
        });
        const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
        return { child, exit };
      });
      await until(() => starters.filter(({ child }) => child.exitCode === null).length === 1, 'all but one to end');
      const [winner, ...others] = [...starters].sort(
        (a, b) => Number(b.child.exitCode === null) - Number(a.child.exitCode === null),
      );
      expect(newestRecord(rig.stateDir).identity.pid).toBe(winner?.child.pid);
      expect(await Promise.all(others.map(({ exit }) => exit))).toEqual([0, 0, 0]);
      expect(readdirSync(join(rig.stateDir, 'hosts')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      // Odd rounds leave a record whose owner was killed, even ones one that says it stopped.
      winner?.child.kill(round % 2 === 0 ? 'SIGTERM' : 'SIGKILL');
      await winner?.exit;
    }
    expect(readdirSync(join(rig.stateDir, 'hosts')).filter((name) => name.endsWith('.json'))).toEqual(['4.json']);
  });

  test('many clients at once share the one that they start', async () => {
    const clients = Array.from({ length: 5 }, () => rig.client());
    const statuses = await Promise.all(clients.map((client) => client.request('host/status', {})));
    expect(new Set(statuses.map(({ identity }) => identity.pid)).size).toBe(1);
    await until(() => hostPids(rig.stateDir).length === 1, 'the other starters to end');
  });

  test('a probe starts none', async () => {
    expect(await rig.host.probe()).toBeNull();
    expect(hostPids(rig.stateDir)).toEqual([]);
    await rig.host.request('run/list', {});
    const probed = await rig.client().probe();
    expect(await probed?.request('host/status', {})).toMatchObject({ draining: false });
  });

  test('an owner on another machine is not taken for dead: the client says whose it is and how to go on', async () => {
    await rig.host.request('run/list', {});
    const record = newestRecord(rig.stateDir);
    process.kill(record.identity.pid, 'SIGTERM');
    await until(() => !isAlive(record.identity.pid), 'the host to end');
    const marker = join(rig.stateDir, 'hosts', '2.stopped');
    const elsewhere = {
      ...record,
      identity: { ...record.identity, host: 'another-machine' },
      socket: join(rig.worktree, 'gone.sock'),
    };
    writeFileSync(join(rig.stateDir, 'hosts', '2.json'), JSON.stringify(elsewhere));
    const client = rig.client();
    await expect(client.request('run/list', {})).rejects.toMatchObject({
      code: 'elsewhere',
      detail: expect.stringContaining(marker),
    });
    writeFileSync(marker, '');
    expect(await client.request('run/list', {})).toEqual({ runs: [] });
  });
});

describe('versions', () => {
  test('an older host is drained and replaced', async () => {
    const older = join(rig.worktree, 'ignored', 'older-host.js');
    mkdirSync(join(rig.worktree, 'ignored'), { recursive: true });
    const source = readFileSync(rig.entry, 'utf8');
    expect(source).toContain('var PROTOCOL_VERSION = 2;');
    writeFileSync(older, source.replace('var PROTOCOL_VERSION = 2;', 'var PROTOCOL_VERSION = 1;'));
    const child = spawn(process.execPath, [older, '--state', rig.stateDir, '--idle-ms', '60000'], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await until(() => existsSync(join(rig.stateDir, 'hosts', '1.json')), 'the older host');
    expect(await rig.host.request('host/status', {})).toMatchObject({ version: 2 });
    expect(await ended).toEqual([null, 'SIGKILL']); // its own
    expect(newestRecord(rig.stateDir).version).toBe(2);
  });

  test('a newer host is left to newer clients: the remedy is to update', async () => {
    await rig.host.request('run/list', {});
    const record = { ...newestRecord(rig.stateDir), version: 3 };
    writeFileSync(join(rig.stateDir, 'hosts', '1.json'), JSON.stringify(record));
    const client = rig.client();
    await expect(client.request('run/list', {})).rejects.toMatchObject({
      code: 'newer-host',
      remedy: expect.stringContaining('Update'),
    });
    await expect(client.probe()).rejects.toMatchObject({ code: 'newer-host' });
    writeFileSync(join(rig.stateDir, 'hosts', '1.json'), JSON.stringify({ ...record, version: 2 }));
  });
});

describe('a host that can not be started is said so, with the reason and the remedy', () => {
  const options = { clientName: 'test', log: () => undefined };

  test('the entry is missing, the runtime is missing', async () => {
    const { stateDir, entry } = rig;
    const noEntry = createHost({
      ...options,
      stateDir,
      hostEntry: join(rig.worktree, 'nothing.js'),
      execPath: process.execPath,
    });
    await expect(noEntry.request('run/list', {})).rejects.toMatchObject({
      code: 'start-failed',
      detail: expect.stringContaining('nothing.js'),
    });
    const noNode = createHost({ ...options, stateDir, hostEntry: entry, execPath: join(rig.worktree, 'no-node') });
    await expect(noNode.request('run/list', {})).rejects.toMatchObject({
      code: 'start-failed',
      detail: expect.stringContaining('ENOENT'),
    });
  });

  test('the state folder can not be written', async () => {
    const file = join(rig.worktree, 'ignored-file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    const host = createHost({
      ...options,
      stateDir: join(file, 'interlock'),
      hostEntry: rig.entry,
      execPath: process.execPath,
    });
    await expect(host.request('run/list', {})).rejects.toMatchObject({
      code: 'state-unwritable',
      remedy: expect.stringContaining('writable'),
    });
    rmSync(file, { force: true });
  });

  test('a closed client says that it is closed', async () => {
    const client = rig.client();
    await client.close();
    await expect(client.request('run/list', {})).rejects.toMatchObject({ code: 'closed' });
  });
});
