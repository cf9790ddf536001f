import type { Progress } from '../pipeline/progress';
import { duration } from './age';
import { fitWidth } from './display-width';
import { line, paint, type Line } from './line';
import { OutputLines } from './output-lines';
import { plainLine } from './plain-text';
import { texts } from './texts';
import type { World } from './world';

const REDRAW_MS = 100;
/** Without a terminal: how often a long run says that it is alive, so that no CI calls it hung. */
const HEARTBEAT_MS = 30_000;
const CLEAR_LINE = '\r\u001b[2K';

export interface ProgressView {
  report(progress: Progress): void;
  /** A line that stays, above the live one. */
  say(line: Line): void;
  close(): void;
}

interface State {
  item: string;
  stage: string;
  phase: string;
  since: number;
  lastLine: string;
}

export interface ProgressOptions {
  world: Pick<World, 'stderr' | 'now' | 'every'>;
  item: string;
  stage: string;
  colour: boolean;
  /** Show the suite's own output. */
  verbose: boolean;
}

/** Progress on stderr: one live line on a terminal, plain lines elsewhere. */
export function openProgress(options: ProgressOptions): ProgressView {
  const { world, colour, verbose } = options;
  const { stderr } = world;
  const live = stderr.isTTY && stderr.columns !== undefined;
  const output = { stdout: new OutputLines(), stderr: new OutputLines() };
  const state: State = { item: options.item, stage: options.stage, phase: '', since: world.now(), lastLine: '' };
  let drawn = '';

  const elapsed = (): string => duration(Math.floor((world.now() - state.since) / 1000) * 1000);
  const erase = (): void => {
    if (drawn) stderr.write(CLEAR_LINE);
    drawn = '';
  };
  const say = (text: Line): void => {
    erase();
    stderr.write(`${paint(text, colour)}\n`);
  };
  const draw = (): void => {
    const text = fitWidth(plainLine(texts.liveLine({ ...state, elapsed: elapsed() })), (stderr.columns ?? 80) - 1);
    if (text === drawn) return;
    stderr.write(`${CLEAR_LINE}${text}`);
    drawn = text;
  };
  const showOutput = (lines: string[]): void => {
    for (const text of lines) {
      if (text.trim()) state.lastLine = text.trim();
      if (verbose) say(line(texts.outputLine(text), 'faint'));
    }
  };
  const stop = live
    ? world.every(REDRAW_MS, draw)
    : world.every(HEARTBEAT_MS, () => {
        if (state.phase) say(line(texts.heartbeat({ ...state, elapsed: elapsed() }), 'faint'));
      });

  return {
    say,
    report(progress) {
      switch (progress.kind) {
        case 'stage':
          Object.assign(state, { stage: progress.to, phase: '', since: world.now(), lastLine: '' });
          return say(line(texts.stageMoved(progress)));
        case 'run': {
          const phase = texts.runState(progress);
          if (phase === state.phase) return;
          if (progress.state === 'running') state.since = world.now();
          state.phase = phase;
          if (!live) say(line(texts.runMoved(progress), 'faint'));
          return;
        }
        case 'output':
          return showOutput(output[progress.stream].push(progress.text));
        case 'note':
          return say(line(texts.noted(progress)));
      }
    },
    close() {
      stop();
      showOutput([...output.stdout.end(), ...output.stderr.end()]);
      erase();
    },
  };
}
