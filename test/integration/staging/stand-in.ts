import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** The client: hands its arguments to the engine and ends with the code that the engine says. */
const CLIENT = `
const { connect } = require('node:net');
const socket = connect(process.argv[2]);
let code = 1;
socket.on('error', () => { process.stderr.write('Cannot connect to the daemon\\n'); process.exit(1); });
socket.write(JSON.stringify(process.argv.slice(3)) + '\\n');
let rest = Buffer.alloc(0);
socket.on('data', (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
    const body = rest.subarray(5, 5 + rest.readUInt32BE(1));
    if (rest[0] === 1) process.stdout.write(body);
    if (rest[0] === 2) process.stderr.write(body);
    if (rest[0] === 3) code = Number(body.toString());
    rest = rest.subarray(5 + body.length);
  }
});
socket.on('close', () => { process.exitCode = code; });
`;

export interface Box {
  running: boolean;
  paused: boolean;
}

/**
 * Stands for a container engine where none runs: a daemon (this process) starts what \`exec\` asks for, outside of the client's
 * tree, session and environment, and goes on with it when the client is killed.
 */
export class StandInEngine {
  readonly boxes = new Map<string, Box>();
  /** Ends the next command with this instead of its own end, without a further word from inside. */
  breakWith: number | null = null;
  readonly #server: Server;
  readonly #children = new Set<ChildProcess>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Puts a client of this name into `folder`, which belongs on the host's PATH. */
  static async start(folder: string, name: 'docker' | 'podman'): Promise<StandInEngine> {
    const server = createServer();
    const engine = new StandInEngine(server);
    server.on('connection', (socket) => engine.#serve(socket));
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'engine.sock');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    writeFileSync(join(folder, 'client.cjs'), CLIENT);
    const start = `#!/bin/sh\nexec '${process.execPath}' '${join(folder, 'client.cjs')}' '${path}' "$@"\n`;
    writeFileSync(join(folder, name), start, { mode: 0o755 });
    return engine;
  }

  /** The daemon is gone; what it runs is too. */
  async stop(): Promise<void> {
    for (const child of this.#children) if (child.pid !== undefined) end(child.pid);
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    socket.on('error', () => undefined);
    let text = '';
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      if (!text.includes('\n')) return;
      socket.off('data', take);
      this.#answer(socket, JSON.parse(text) as string[]);
    };
    socket.on('data', take);
  }

  #answer(socket: Socket, [verb, ...words]: string[]): void {
    const say = (kind: number, body: Buffer | string): void => {
      const bytes = Buffer.from(body);
      const head = Buffer.alloc(5);
      head.writeUInt8(kind);
      head.writeUInt32BE(bytes.length, 1);
      if (!socket.destroyed) socket.write(Buffer.concat([head, bytes]));
    };
    const finish = (code: number): void => {
      say(3, String(code));
      socket.end();
    };
    if (verb === 'version' || verb === 'info') {
      say(1, '1.0\n');
      return finish(0);
    }
    if (verb === 'inspect') {
      const box = this.boxes.get(words.at(-1) ?? '');
      if (box === undefined) return finish(1);
      say(1, `${words[1]?.includes('Paused') === true ? box.paused : box.running}\n`);
      return finish(0);
    }
    if (verb !== 'exec') return finish(125);
    const variables: string[] = [];
    while (words[0] === '-e') variables.push(words.splice(0, 2)[1] ?? '');
    const box = this.boxes.get(words.shift() ?? '');
    if (box === undefined || !box.running) return finish(1);
    const child = spawn('env', ['-i', `PATH=${process.env['PATH']}`, ...variables, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#children.add(child);
    child.stdout.on('data', (chunk: Buffer) => say(1, chunk));
    child.stderr.on('data', (chunk: Buffer) => say(2, chunk));
    if (this.breakWith !== null && variables.length > 0) {
      const code = this.breakWith;
      child.stdout.once('data', () => finish(code));
    }
    child.once('close', (code) => {
      this.#children.delete(child);
      finish(code ?? 137);
    });
  }
}

function end(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
