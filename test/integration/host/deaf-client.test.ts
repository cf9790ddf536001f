import { createConnection, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../../runner-host/protocol/version';
import { watchMemory } from './host-memory';
import { openHostRig, until, type HostRig } from './host-rig';

const MOST_MB = 32;
let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig(['--concurrency', '1']);
});
afterAll(() => rig.close());

/** A client that attaches to a run and then takes nothing any more. */
class DeafClient {
  readonly #socket: Socket;
  #id = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
  }

  static async attached(run: string): Promise<DeafClient> {
    const { socket, token } = rig.record();
    const client = new DeafClient(createConnection(socket));
    await client.#ask('initialize', { version: PROTOCOL_VERSION, token, client: 'deaf' });
    await client.#ask('run/attach', { run, from: 0 });
    client.#socket.pause();
    return client;
  }

  get isConnected(): boolean {
    return this.#socket.readyState === 'open';
  }

  close(): void {
    this.#socket.destroy();
  }

  #ask(method: string, params: unknown): Promise<void> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: (this.#id += 1), method, params });
    this.#socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return new Promise((resolve, reject) => {
      this.#socket.once('data', () => resolve());
      this.#socket.once('close', () => reject(new Error(`hung up on at ${method}`)));
    });
  }
}

describe('a client that never reads', () => {
  test('neither holds up the run nor takes memory, and others get everything', async () => {
    const bytes = 60_000_000;
    const spec = rig.spec(`while ! test -f ignored/go; do sleep 0.02; done; head -c ${bytes} /dev/zero | tr '\\0' x`);
    await rig.host.request('run/start', { spec });
    const clients = await Promise.all(Array.from({ length: 8 }, () => DeafClient.attached(spec.run)));
    const memory = watchMemory(rig.record().identity.pid);
    rig.write('ignored/go', '');
    let seen = 0;
    const { result } = await rig.host.follow(spec.run, 0, {
      output: ({ text }) => void (seen += text.length),
      step: () => undefined,
    });
    expect(result).toMatchObject({ status: 'suite-ran', supervision: { outputBytes: bytes, outputDropped: 0 } });
    expect(seen).toBe(bytes);
    expect(memory.grownMb()).toBeLessThan(MOST_MB);
    expect(clients.map(({ isConnected }) => isConnected)).toEqual(clients.map(() => true));
    clients.forEach((client) => client.close());
  });

  test('is hung up on when too much waits for it', async () => {
    const blocker = rig.spec('while ! test -f ignored/stop; do sleep 0.02; done');
    await rig.host.request('run/start', { spec: blocker });
    const client = await DeafClient.attached(blocker.run);
    // Whoever leaves the queue moves those behind: n runs are n * n / 2 events for every client.
    const specs = Array.from({ length: 100 }, () => rig.spec('true'));
    for (const spec of specs) await rig.host.request('run/start', { spec });
    for (const { run } of specs) await rig.host.request('run/cancel', { run, reason: 'enough' });
    await until(async () => (await rig.host.request('host/status', {})).clients === 1, 'the host to hang up');
    rig.write('ignored/stop', '');
    expect((await rig.run(rig.spec('echo on'))).output).toBe('on\n');
    client.close();
  });
});
