import { afterAll, beforeAll, expect, test } from 'vitest';
import { SshRig } from '../sshd/rig';

let rig: SshRig;
beforeAll(() => {
  rig = new SshRig();
});
afterAll(() => rig.close());

test('no more than four channels are open at once, over one connection; the others wait', async () => {
  const server = await rig.serve();
  const host = rig.host(server.port);
  const folder = rig.subfolder('running');
  const command = `d=$(mktemp -d -p ${folder}); sleep 0.1; ls ${folder} | wc -l; rmdir $d`;
  const runs = await Promise.all(Array.from({ length: 12 }, () => host.run(command)));
  const counts = runs.map(({ output }) => Number(output));
  expect({ least: Math.min(...counts) >= 1, most: Math.max(...counts) }).toEqual({ least: true, most: 4 });
  expect(server.connections).toBe(1);
});

test('a channel that waits for its turn can be given up, and takes none', async () => {
  const server = await rig.serve();
  const host = rig.host(server.port, { limits: { channels: 1 } });
  const first = host.start('echo up; read line');
  const second = host.start('echo never');
  await first.seen('up');
  second.channel.close();
  expect(await second.finished).toMatchObject({ events: [{ kind: 'close' }], output: '' });
  first.channel.write('end\n');
  await first.finished;
  expect(await host.run('echo third')).toMatchObject({ output: 'third\n' });
});

test('a host that is closed ends its channels and its connection, and opens no more', async () => {
  const server = await rig.serve();
  const host = rig.host(server.port);
  const run = host.start('echo up; exec cat');
  await run.seen('up');
  await host.close();
  expect((await run.finished).events).toEqual([{ kind: 'close' }]);
  expect((await host.run('true')).events).toEqual([{ kind: 'close' }]);
  expect(server.connections).toBe(1);
});

test('what is written before the channel is open comes first', async () => {
  const server = await rig.serve();
  const run = rig.host(server.port).start('read a; read b; echo "$a $b"');
  run.channel.write('one\n');
  run.channel.write('two\n');
  expect(await run.finished).toMatchObject({ output: 'one two\n' });
});
