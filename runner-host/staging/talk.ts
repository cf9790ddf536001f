import { randomBytes } from 'node:crypto';
import type { RemoteChannel, RemoteHost } from '../ssh/connect/remote-host';
import { FrameParser } from '../ssh/frame-parser';
import type { Frame } from '../ssh/frames';
import { remoteCommand, requestLines, type RemoteRequest } from '../ssh/remote-request';
import type { SshEvent } from '../ssh/staging-evidence';
import type { StagingLimits } from './limits';

/** After its last frame the remote command ends by itself; for so long it is waited for. */
const END_MS = 3_000;

/** What one connection to a supervisor brought. */
export interface Talk {
  /** All but data and ticks. */
  frames: Frame[];
  events: SshEvent[];
  noiseBytes: number;
  broken: string | undefined;
  /** Nothing more is to come: the run has ended, is lost, or was not let in. */
  settled: boolean;
  /** Data could not be taken. */
  failed: Error | null;
}

export interface TalkOptions {
  script: string;
  limits: StagingLimits;
  /** Takes the log's bytes; what it throws ends the talk. */
  onData?(offset: number, bytes: Buffer): void;
  /** Every frame that was understood, ticks too: the only sign of life. */
  onFrame?(frame: Frame): void;
  /** Gives the connection up; what runs on the host goes on. */
  leave?: AbortSignal;
}

/** Holds one connection to a supervisor until it has said all, was lost, broken, silent or is left. Never rejects. */
export async function talk(
  host: RemoteHost,
  request: Omit<RemoteRequest, 'nonce'>,
  { script, limits, onData, onFrame, leave }: TalkOptions,
): Promise<Talk> {
  const nonce = randomBytes(16).toString('hex');
  const said: Talk = { frames: [], events: [], noiseBytes: 0, broken: undefined, settled: false, failed: null };
  let heard = performance.now();
  const parser = new FrameParser(nonce, (frame) => {
    heard = performance.now();
    if (said.failed !== null || said.broken !== undefined) return;
    if (frame.type === 'attached' && frame.offset !== request.offset) {
      said.broken = `attached at ${frame.offset} instead of ${request.offset}`;
      return;
    }
    try {
      if (frame.type === 'data') onData?.(frame.offset, frame.bytes);
      onFrame?.(frame);
    } catch (error) {
      said.failed = error as Error;
    }
    if (frame.type !== 'data' && frame.type !== 'tick') said.frames.push(frame);
    said.settled ||= settles(frame);
  });
  let channel: RemoteChannel | undefined = undefined;
  const giveUp = (): void => channel?.close();
  const take = (chunk: Buffer): void => {
    if (said.settled) return;
    parser.push(chunk);
    said.broken ??= parser.broken;
    if (said.broken !== undefined || said.failed !== null) giveUp();
    if (said.settled) ending = setTimeout(giveUp, END_MS);
  };
  let ending: NodeJS.Timeout | undefined;
  channel = host.open(commandFor(script), { data: take, event: (event) => void said.events.push(event) });
  channel.write(requestLines({ ...request, nonce }));
  leave?.addEventListener('abort', giveUp, { once: true });
  if (leave?.aborted) giveUp();
  let beat = 0;
  const beats = setInterval(() => channel.write(`${nonce.slice(0, 8)}.${(beat += 1)}\n`), limits.beatMs);
  const silence = setInterval(
    () => {
      if (said.settled || performance.now() - heard < limits.silenceMs) return;
      said.events.push({ kind: 'silent' });
      giveUp();
    },
    Math.min(1_000, limits.silenceMs / 4),
  );
  await channel.ended;
  for (const timer of [beats, silence]) clearInterval(timer);
  clearTimeout(ending);
  leave?.removeEventListener('abort', giveUp);
  said.noiseBytes = parser.noiseBytes;
  return said;
}

function settles(frame: Frame): boolean {
  switch (frame.type) {
    case 'exit':
    case 'lost':
    case 'killed':
      return true;
    case 'env':
      return frame.state !== 'ok';
    default:
      return false;
  }
}

const commands = new Map<string, string>();

/** The same text for every connection: 20 KB are encoded once. */
function commandFor(script: string): string {
  let command = commands.get(script);
  if (command === undefined) commands.set(script, (command = remoteCommand(script)));
  return command;
}
