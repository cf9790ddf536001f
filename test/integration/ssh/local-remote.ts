import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameParser } from '../../../runner-host/ssh/frame-parser';
import type { Frame, RemoteExit } from '../../../runner-host/ssh/frames';
import { remoteCommand, requestLines, type RemoteRequest } from '../../../runner-host/ssh/remote-request';

const SCRIPT = readFileSync(join(import.meta.dirname, '../../../runner-host/ssh/remote-supervisor.sh'), 'utf8');
const NONCE = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
/** Long enough never to end by themselves in a test, and to be known by their argument; bounded all the same. */
const SLEEP_SECONDS = 70;

export interface HostShell {
  name: string;
  shell: string;
  path: string;
}

/** The shells of this machine. busybox brings all the programs with it, as on Alpine. */
export function hostShells(folder: string): HostShell[] {
  const PATH = process.env['PATH'] ?? '';
  const shells = ['dash', 'bash'].map((name) => ({ name, shell: `/usr/bin/${name}`, path: PATH }));
  const own = join(folder, 'busybox');
  mkdirSync(own);
  const installed = spawnSync('busybox', ['--install', '-s', own]).status === 0;
  return installed ? [...shells, { name: 'busybox', shell: join(own, 'sh'), path: own }] : shells;
}

/** A host of its own: run directories, a work directory, and processes that can be told from all others. */
export class LocalHost {
  readonly folder = mkdtempSync(join(tmpdir(), 'ilk-remote-'));
  readonly workdir = join(this.folder, 'work dir');
  base = join(this.folder, 'runs');
  readonly token = `ILK_RUN_${this.folder.replace(/\W/g, '_')}`;
  /** A sleep that only this host's suites have. */
  readonly sleep = `sleep ${SLEEP_SECONDS}.${process.pid}${Math.floor(Math.random() * 1e9)}`;
  readonly #calls: Call[] = [];
  #shell: HostShell;

  constructor(shell: HostShell) {
    this.#shell = shell;
    chmodSync(this.folder, 0o700);
    mkdirSync(this.workdir);
  }

  call(changes: Partial<RemoteRequest>, beats = true): Call {
    const call = new Call(this.#shell, { ...this.#defaults(), ...changes }, beats);
    this.#calls.push(call);
    return call;
  }

  /** From now on the host's program runs these lines of sh first. */
  replace(program: string, lines: string): void {
    const { path } = this.#shell;
    const own = join(this.folder, 'programs');
    mkdirSync(own, { recursive: true });
    const real = `PATH='${path}' exec ${program} "$@"`;
    writeFileSync(join(own, program), `#!/bin/sh\n${lines}\n${real}\n`, { mode: 0o755 });
    this.#shell = { ...this.#shell, path: `${own}:${path}` };
  }

  /** Processes of this host's suites that live, by their command line. */
  sleeping(): number[] {
    return processes()
      .filter(({ command }) => command.includes(this.sleep))
      .map(({ pid }) => pid);
  }

  record(name: string, runId = 'run-1'): string[] {
    const path = join(this.base, runId, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ') : [];
  }

  /** Ends what a failed test may have left. */
  async end(): Promise<void> {
    for (const call of this.#calls) call.drop();
    for (const { pid, command } of processes()) {
      if (command.includes(this.sleep) || command.includes(this.folder)) end(pid);
    }
    const supervisors = existsSync(this.base)
      ? readdirSync(this.base).map((id) => this.record('supervisor', id)[0])
      : [];
    for (const pid of supervisors) if (pid !== undefined && isShell(Number(pid))) end(Number(pid));
    await until(() => this.sleeping().length === 0);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #defaults(): RemoteRequest {
    const limits = {
      timeoutTicks: 300,
      leaseTicks: 200,
      graceTicks: 3,
      tickSeconds: 0.1,
      needFreeKib: 1,
      mostLogKib: 65536,
    };
    const run = { runId: 'run-1', base: this.base, offset: 0, workdir: this.workdir, token: this.token };
    return { nonce: NONCE, mode: 'start', command: 'true', program: '', owner: '', sweep: '', ...run, ...limits };
  }
}

/** One remote command over a connection of its own, as an ssh client would hold it. */
export class Call {
  readonly frames: Frame[] = [];
  readonly done: Promise<void>;
  readonly #process: ChildProcess;
  readonly #parser = new FrameParser(NONCE, (frame) => this.frames.push(frame));

  constructor({ shell, path }: HostShell, request: RemoteRequest, beats: boolean) {
    const env = { PATH: path, HOME: request.workdir };
    this.#process = spawn('/bin/sh', ['-c', remoteCommand(SCRIPT, shell)], { stdio: 'pipe', env });
    const { stdin, stdout, stderr } = this.#process;
    stdin?.on('error', () => undefined);
    stderr?.resume();
    stdin?.write(requestLines(request));
    let beat = 0;
    const timer = setInterval(() => beats && stdin?.write(`${beat++}\n`), 50);
    stdout?.on('data', (chunk: Buffer) => this.#parser.push(chunk));
    this.done = new Promise((resolve) => {
      this.#process.once('close', () => {
        clearInterval(timer);
        resolve();
      });
    });
  }

  get broken(): string | undefined {
    return this.#parser.broken;
  }

  get log(): Buffer {
    return Buffer.concat(this.frames.flatMap((frame) => (frame.type === 'data' ? [frame.bytes] : [])));
  }

  get exit(): RemoteExit | undefined {
    return this.frames.flatMap((frame) => (frame.type === 'exit' ? [frame.exit] : []))[0];
  }

  get types(): string[] {
    return [...new Set(this.frames.map(({ type }) => type))].filter((type) => type !== 'tick');
  }

  find<T extends Frame['type']>(type: T): Extract<Frame, { type: T }> | undefined {
    return this.frames.find((frame): frame is Extract<Frame, { type: T }> => frame.type === type);
  }

  async finished(): Promise<this> {
    await this.done;
    return this;
  }

  /** The connection is lost: the part on the host that holds it dies with it. */
  drop(): void {
    this.#process.kill('SIGKILL');
  }
}

/** Waits for a state that must come; the test's own limit says when it does not. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}

export function processes(): { pid: number; command: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline') }));
}

export function environmentOf(pid: number): string {
  return read(String(pid), 'environ');
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function isShell(pid: number): boolean {
  return read(String(pid), 'cmdline').includes('supervise');
}

export function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
