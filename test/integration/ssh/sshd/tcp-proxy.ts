import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a client and a server on the loopback, and does to their connection what networks do. */
export class TcpProxy {
  readonly port: number;
  /** Connections that it has taken so far. */
  taken = 0;
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #holes = false;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async to(port: number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new TcpProxy(server);
    server.on('connection', (near) => proxy.#join(near, port));
    return proxy;
  }

  /** Resets every connection, on both sides. */
  reset(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  /** From now on nothing gets through, and nobody is told; or everything does again, what was held back too. */
  blackhole(on: boolean): void {
    this.#holes = on;
    for (const socket of [...this.#pairs].flat()) {
      if (on) socket.pause();
      else socket.resume();
    }
  }

  /** Puts bytes of its own into what the client reads. */
  corrupt(): void {
    for (const [near] of this.#pairs) near.write(Buffer.alloc(4096, 0xff));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.reset();
    await closed;
  }

  #join(near: Socket, port: number): void {
    this.taken++;
    const far = connect({ host: '127.0.0.1', port, noDelay: true });
    const pair: [Socket, Socket] = [near, far];
    this.#pairs.add(pair);
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      from.on('error', () => undefined);
      from.pipe(to);
      from.once('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
      if (this.#holes) from.pause();
    }
  }
}

/** A port where somebody answers, but no ssh server: `answer` does what it does to a connection. */
export async function strangePort(
  answer: (socket: Socket) => void,
): Promise<{ port: number; taken: () => number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  let taken = 0;
  const server = createServer((socket) => {
    taken++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    taken: () => taken,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
