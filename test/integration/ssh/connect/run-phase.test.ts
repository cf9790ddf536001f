import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SshRig, type HostOptions, type TestHost } from '../sshd/rig';
import type { Sshd } from '../sshd/sshd';
import { TcpProxy } from '../sshd/tcp-proxy';

let rig: SshRig;
let server: Sshd;
const proxies: TcpProxy[] = [];
beforeAll(async () => {
  rig = new SshRig();
  server = await rig.serve();
});
afterAll(async () => {
  await rig.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
});

async function through(options: HostOptions = {}, port = server.port): Promise<{ proxy: TcpProxy; host: TestHost }> {
  const proxy = await TcpProxy.to(port);
  proxies.push(proxy);
  return { proxy, host: rig.host(proxy.port, options) };
}

const LOST = 'transient-infra connection-lost';
const HELD = 'held killed';
const bare = { kind: 'close' };

describe('a connection that is lost during a run', () => {
  const WAITING = 'echo up; exec cat';

  test('by a reset has no status, which is no zero', async () => {
    const { proxy, host } = await through();
    const run = host.start(WAITING);
    await run.seen('up');
    proxy.reset();
    const { events, afterHello } = await run.finished;
    expect(events).toEqual([{ kind: 'error', level: 'client-socket', code: 'ECONNRESET' }, bare]);
    expect(afterHello).toBe(LOST);
  });

  test('because the server ends it has no status', async () => {
    const { host } = await through();
    const run = host.start(WAITING);
    await run.seen('up');
    for (const pid of server.sessions()) process.kill(pid, 'SIGKILL');
    const { events, afterHello } = await run.finished;
    expect(events.at(-1)).toEqual(bare);
    expect(afterHello).toBe(LOST);
  });

  test('with bytes that are none of the server’s, and then again, ends nothing but the channel', async () => {
    const { proxy, host } = await through();
    const run = host.start(WAITING);
    await run.seen('up');
    proxy.corrupt();
    proxy.reset();
    const { events, afterHello } = await run.finished;
    expect(events.at(-1)).toEqual(bare);
    expect(afterHello).toBe(LOST);
    expect(await host.run('echo again')).toMatchObject({ output: 'again\n' });
  });

  test('without a word is noticed by the keepalive', async () => {
    const { proxy, host } = await through({ limits: { keepaliveMs: 100, keepaliveMisses: 3 } });
    const run = host.start(WAITING);
    await run.seen('up');
    proxy.blackhole(true);
    const { events, afterHello } = await run.finished;
    expect(events).toEqual([{ kind: 'error', level: 'client-timeout' }, bare]);
    expect(afterHello).toBe(LOST);
  });

  test('for a while is none, if the keepalive lasts longer', async () => {
    const { proxy, host } = await through();
    const run = host.start('echo up; read line; echo "$line"; exit 4');
    await run.seen('up');
    proxy.blackhole(true);
    run.channel.write('after the hole\n');
    setTimeout(() => proxy.blackhole(false), 300);
    const { events, output } = await run.finished;
    expect(output).toBe('up\nafter the hole\n');
    expect(events).toEqual([{ kind: 'close', code: 4 }]);
  });

  test('between two commands is made anew', async () => {
    const { proxy, host } = await through();
    expect(await host.run('echo one')).toMatchObject({ output: 'one\n' });
    proxy.reset();
    // The reset may not have come here yet: then it is the next command that finds it.
    const outputs = [await host.run('echo two'), await host.run('echo two')].map(({ output }) => output);
    expect(outputs).toContain('two\n');
    expect(proxy.taken).toBe(2);
  });

  test('while a channel is asked for is no refusal of the host', async () => {
    const { proxy, host } = await through();
    await host.run('true');
    proxy.blackhole(true);
    const run = host.start('true');
    // The request is on its way into the hole; the answer never comes.
    setTimeout(() => proxy.reset(), 100);
    const { events } = await run.finished;
    expect(events.filter(({ kind }) => kind === 'exec-failed')).toEqual([]);
    expect(events.at(-1)).toEqual(bare);
  });
});

describe('a command', () => {
  let host: TestHost;
  beforeAll(() => {
    host = rig.host(server.port);
  });

  test.each<[string, string, object, string]>([
    ['that ends by itself has its status', 'exit 3', { code: 3 }, LOST],
    ['whose shell is killed has the signal, and no status', 'kill -KILL $$', { code: null, signal: 'SIGKILL' }, HELD],
    [
      'whose child is killed has the status of a suite that says so',
      'sh -c "kill -KILL \\$\\$"; exit $?',
      { code: 137 },
      LOST,
    ],
    ['that is not there has a status like any other', 'no-such-command', { code: 127 }, LOST],
  ])('%s', async (_name, command, end, afterHello) => {
    const outcome = await host.run(command);
    expect(outcome.events).toEqual([{ kind: 'close', ...end }]);
    expect(outcome.afterHello).toBe(afterHello);
  });

  test('whose child still holds its output ends with that child', async () => {
    const { output, events } = await host.run('(sleep 0.3; echo late) & exit 3');
    expect({ output, events }).toEqual({ output: 'late\n', events: [{ kind: 'close', code: 3 }] });
  });

  test('that fills stderr does not stall, and what came there is counted', async () => {
    const { output, stderrBytes } = await host.run('head -c 5000000 /dev/zero >&2; echo done');
    expect({ output, stderrBytes }).toEqual({ output: 'done\n', stderrBytes: 5_000_000 });
  });

  test('is read on when what it said is taken, not before', async () => {
    let [taking, most, bytes] = [0, 0, 0];
    const run = host.start('head -c 8000000 /dev/zero', async (chunk) => {
      most = Math.max(most, ++taking);
      await new Promise((resolve) => setImmediate(resolve));
      bytes += chunk.length;
      taking--;
    });
    expect((await run.finished).events).toEqual([{ kind: 'close', code: 0 }]);
    expect({ most, bytes }).toEqual({ most: 1, bytes: 8_000_000 });
  });

  test('that a listener fails on is given up', async () => {
    const run = host.start('echo up; exec cat', () => Promise.reject(new Error('full')));
    expect((await run.finished).events).toEqual([bare]);
  });

  test('that is given up has ended for us', async () => {
    const run = host.start('echo up; exec cat');
    await run.seen('up');
    run.channel.close();
    run.channel.close();
    expect((await run.finished).events).toEqual([bare]);
  });

  test('runs on when the server takes no new connections', async () => {
    const ending = await rig.serve();
    const own = rig.host(ending.port);
    const run = own.start('echo up; read line; exit 0');
    await run.seen('up');
    process.kill(ending.pid, 'SIGKILL');
    run.channel.write('go on\n');
    expect((await run.finished).events).toEqual([{ kind: 'close', code: 0 }]);
    await own.close();
  });
});
