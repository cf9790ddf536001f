import type { Frame } from './frames';

export type StagingClass = 'suite-ran' | 'transient-infra' | 'permanent-env' | 'held';

export interface Classification {
  class: StagingClass;
  /** What it was, for ledger and people; one word of a fixed list, never a foreign text. */
  cause: string;
  /** The run may still be going on: attach to it before anything else. */
  reattach: boolean;
  /** Only with `suite-ran`. */
  code?: number;
}

/** What a person must mend before a connection is even tried. */
export const THREW_CAUSES = [
  'key-unusable',
  'ssh-config',
  'needs-system-client',
  'no-system-client',
  'demo-host',
] as const;
export type ThrewCause = (typeof THREW_CAUSES)[number];

/** What happened to the connection, in its order. The ssh exit status is evidence of nothing but an end. */
export type SshEvent =
  /** No connection was tried, for this; without a cause, because of a key that can't be used. */
  | { kind: 'threw'; cause?: ThrewCause }
  | { kind: 'error'; level?: string; code?: string | number }
  /** The verifier's answer; `none` if it gave none. */
  | { kind: 'host-key'; answer: 'unknown' | 'changed' | 'revoked' | 'none' }
  /** `reason` of RFC 4254, 5.1, if a channel could not be opened. */
  | { kind: 'exec-failed'; reason?: number }
  | { kind: 'close'; code?: number | null; signal?: string }
  /** Nothing that we understand came within the limit. */
  | { kind: 'silent' };

/** What a container suite's own marks in the log say: they carry the run's token. */
export type InnerMarks = { started: boolean; endCode: number | null };

export interface StagingEvidence {
  events: readonly SshEvent[];
  /** All frames of the run, of every connection. */
  frames: readonly Frame[];
  /** How far the log is known without a gap, where the data was not kept among the frames. */
  seen?: number;
  /** Bytes that were no frame. */
  noiseBytes: number;
  /** Why the frames could not be read on. */
  broken?: string | undefined;
  /** null: the suite runs in no container. */
  inner: InnerMarks | null;
}

export const found = (name: StagingClass, cause: string, reattach = false): Classification => ({
  class: name,
  cause,
  reattach,
});
