import type { Ledger } from '../ledger/ledger';
import type { Host } from '../pipeline/ports';
import type { RunFiles } from './run-files';

export interface LogListener {
  output(text: string, stream: 'stdout' | 'stderr', next: number): void;
  end(): void;
}

/**
 * Tells a run's output from byte `from` on: of a settled run from its file, which needs no host, of another one from the host.
 * `end` comes once, also when the log turns out to be gone or the host cannot be reached.
 */
export async function followLog(
  ports: { ledger: Pick<Ledger, 'read'>; host: Host; files: RunFiles },
  run: string,
  from: number,
  listener: LogListener,
): Promise<{ close(): void }> {
  const stop = new AbortController();
  const told = ports.ledger.read.run(run)
    ? replay(ports.files, run, from, listener, stop.signal)
    : live(ports.host, run, from, listener, stop.signal);
  void told.catch(() => undefined).then(() => listener.end());
  return { close: () => stop.abort() };
}

async function replay(
  files: RunFiles,
  run: string,
  from: number,
  listener: LogListener,
  signal: AbortSignal,
): Promise<void> {
  for await (const { text, next } of files.read(run, from)) {
    if (signal.aborted) return;
    listener.output(text, 'stdout', next);
  }
}

async function live(host: Host, run: string, from: number, listener: LogListener, signal: AbortSignal): Promise<void> {
  await host.follow(
    run,
    from,
    {
      output: ({ text, stream, next }) => listener.output(text, stream, next),
      step: () => undefined,
    },
    signal,
  );
}
