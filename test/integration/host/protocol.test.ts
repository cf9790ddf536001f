import { lstatSync, statSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHostRig, type HostRig } from './host-rig';

let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig();
  await rig.host.request('host/status', {});
});
afterAll(() => rig.close());

interface Reply {
  id: number | null;
  result?: unknown;
  error?: { code: number; message: string; data?: { code: string; detail: string } };
}

/** A client that says exactly what it is told to, well-formed or not. */
class RawClient {
  readonly socket: Socket;
  #received = '';

  constructor() {
    this.socket = createConnection(rig.record().socket);
    this.socket.on('data', (data) => (this.#received += data.toString('utf8')));
    this.socket.on('error', () => undefined);
  }

  send(message: unknown): void {
    const body = typeof message === 'string' ? message : JSON.stringify(message);
    this.socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  async reply(): Promise<Reply> {
    for (;;) {
      const match = /^Content-Length: (\d+)\r\n\r\n/.exec(this.#received);
      const length = Number(match?.[1]);
      const start = match?.[0].length ?? 0;
      if (match !== null && Buffer.byteLength(this.#received.slice(start)) >= length) {
        const body = Buffer.from(this.#received.slice(start)).subarray(0, length).toString('utf8');
        this.#received = Buffer.from(this.#received.slice(start)).subarray(length).toString('utf8');
        return JSON.parse(body) as Reply;
      }
      await new Promise((resolve, reject) => {
        this.socket.once('data', resolve);
        this.socket.once('close', () => reject(new Error('closed without a reply')));
      });
    }
  }

  async ask(method: string, params?: unknown): Promise<Reply> {
    this.send({ jsonrpc: '2.0', id: 1, method, params });
    return this.reply();
  }

  closed(): Promise<void> {
    return new Promise((resolve) => (this.socket.destroyed ? resolve() : this.socket.once('close', () => resolve())));
  }
}

async function withClient(use: (client: RawClient) => Promise<void>): Promise<void> {
  const client = new RawClient();
  try {
    await use(client);
  } finally {
    client.socket.destroy();
  }
}

const hello = (more = {}): object => ({
  version: rig.record().version,
  token: rig.record().token,
  client: 'raw',
  ...more,
});

describe('before it is introduced, a client gets nothing but an error', () => {
  test.each(['host/status', 'run/list', 'host/drain'])('%s', async (method) => {
    await withClient(async (client) => {
      expect((await client.ask(method, {})).error?.data).toMatchObject({ code: 'unauthorized' });
    });
  });

  test('a wrong token is refused, whatever its length, and opens nothing', async () => {
    await withClient(async (client) => {
      const { token } = rig.record();
      for (const wrong of ['', token.slice(1), `${token}0`, '0'.repeat(token.length)]) {
        expect((await client.ask('initialize', hello({ token: wrong }))).error?.data).toMatchObject({
          code: 'unauthorized',
        });
      }
      expect((await client.ask('host/status', {})).error?.data).toMatchObject({ code: 'unauthorized' });
    });
  });

  test('another version is refused by name', async () => {
    await withClient(async (client) => {
      expect((await client.ask('initialize', hello({ version: 999 }))).error?.data).toMatchObject({
        code: 'versionMismatch',
      });
    });
  });
});

describe('a message that the protocol does not know gets an error reply', () => {
  test('an unknown method, also one that every object has', async () => {
    await withClient(async (client) => {
      await client.ask('initialize', hello());
      for (const method of ['run/explode', 'toString', '__proto__']) {
        expect((await client.ask(method, {})).error?.code).toBe(-32601);
      }
    });
  });

  test.each([
    ['no parameters', 'run/start', undefined],
    ['parameters by position', 'run/cancel', ['r1', 'x']],
    ['a field too many', 'run/list', { all: true }],
    ['a run id that is a path', 'run/attach', { run: '../../../etc', from: 0 }],
    ['a negative offset', 'run/attach', { run: 'r00000000-00000000', from: -1 }],
    ['a specification without a command', 'run/start', { spec: { kind: 'test' } }],
  ])('invalid parameters: %s', async (_name, method, params) => {
    await withClient(async (client) => {
      await client.ask('initialize', hello());
      expect((await client.ask(method, params)).error).toMatchObject({ code: -32602, data: { code: 'invalidParams' } });
      expect((await client.ask('run/list', {})).result).toBeDefined();
    });
  });

  test.each([
    ['no JSON', '{"jsonrpc":'],
    ['no object', '7'],
    ['no method', '{"jsonrpc":"2.0","id":1}'],
    ['another protocol', '{"jsonrpc":"1.0","id":1,"method":"run/list"}'],
    ['a cancel of nothing', '{"jsonrpc":"2.0","method":"$/cancelRequest"}'],
  ])('%s: an error without an id, then the end of the connection', async (_name, text) => {
    await withClient(async (client) => {
      await client.ask('initialize', hello());
      client.send(text);
      expect(await client.reply()).toMatchObject({ id: null, error: { code: -32600 } });
      await client.closed();
    });
    expect(await rig.host.request('run/list', {})).toBeDefined();
  });

  test('a header that is none: an error, then the end of the connection', async () => {
    await withClient(async (client) => {
      client.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      expect((await client.reply()).error).toBeDefined();
      await client.closed();
    });
  });

  test('a stranger who sends without end is cut off', async () => {
    await withClient(async (client) => {
      client.socket.write(`Content-Length: 100000000\r\n\r\n${'x'.repeat(200_000)}`);
      await client.closed();
    });
  });
});

test('only this user reaches the socket and the token', () => {
  const { socket } = rig.record();
  expect(socket.length).toBeLessThan(100);
  expect(lstatSync(dirname(socket)).mode & 0o777).toBe(0o700);
  expect(statSync(join(rig.stateDir, 'hosts', '1.json')).mode & 0o777).toBe(0o600);
  expect(rig.record().token).toMatch(/^[0-9a-f]{64}$/);
});
