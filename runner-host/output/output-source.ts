import type { Stream } from './segments';

/** A stretch of output from one stream, whole characters only. */
export interface Piece {
  offset: number;
  /** Offset after the last byte; beyond `offset + text's bytes` where a cut follows. */
  next: number;
  stream: Stream;
  text: string;
}

/** A run's output as clients read it: from any offset, while it grows and after. */
export interface OutputSource {
  /** The next at most `max` bytes from `offset`, or null if there is nothing yet. Throws if the log can't be read. */
  read(offset: number, max: number): Piece | null;
  /** Whether nothing will come any more. */
  readonly ended: boolean;
  /** Calls back when there may be more to read, or it has ended. Returns what ends the calls. */
  onChange(listener: () => void): () => void;
}
