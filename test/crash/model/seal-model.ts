/**
 * A model of segments and seals, beside that of commit and lease: lines are whole here, and there are several files.
 *
 * Two processes advance one row. Before it appends, a process reads to the end of the journal (through seals into later
 * segments), seals a segment that is full, flushes the seal before it makes the next one, and flushes each segment once before
 * it writes to it. A line that lands behind a seal is void: its writer meets the seal when it reads back, and tries again in
 * the next segment. Making a segment gives a file its name with link(2); the name is on disk once the folder was flushed.
 *
 * What must hold in every state, in words:
 *   - Acknowledged is kept: whoever was told that it won is applied, also after a power cut.
 *   - One winner: no two lines make the same revision, none is applied twice.
 *   - No hole: no segment is there without the seal of the one before: readers would stop, for damage.
 *   - Readers agree: what a process has applied is what the files say up to where it has read.
 *   - Nothing stalls.
 */
import type { Invariant, Model, Step } from './explorer';

/** What the protocol does, or could have been written not to do. */
export const SEALING = {
  /** The seal is on disk before the next segment gets its name. */
  flushSeal: true,
  /** Lines behind a seal are void for everybody. */
  voidBehindSeal: true,
  /** Whoever writes to a segment for the first time flushes the folder too, not only who made it. */
  flushFolder: true,
  /** A fact about the disk: flushing a file keeps its name too, as ext4, XFS and Btrfs do. POSIX does not promise it. */
  nameWithData: false,
};
export type Sealing = Readonly<typeof SEALING>;

export interface SealScenario {
  /** How many advances each process makes. */
  advances: readonly number[];
  crashes: number;
  restarts: number;
  powerCuts: number;
  rules: Sealing;
}

interface Line {
  /** `seal`, or the name of a transaction. */
  readonly what: string;
  /** The revision that it makes, if the one before stands there. */
  readonly revision: number;
  readonly safe: boolean;
}
interface File {
  readonly lines: readonly Line[];
  /** Whether its name is on disk. */
  readonly named: boolean;
}
type Phase = 'read' | 'decide' | 'link' | 'name' | 'written' | 'flushed' | 'dead';
interface Process {
  readonly phase: Phase;
  readonly life: number;
  readonly done: number;
  /** Where it reads: a segment and a line in it. */
  readonly segment: number;
  readonly line: number;
  readonly applied: readonly string[];
  /** The segment that it has flushed once; -1 = none. */
  readonly ready: number;
  readonly sealed: boolean;
}
export interface SealState {
  readonly files: readonly File[];
  readonly processes: readonly Process[];
  readonly won: readonly string[];
  readonly left: { readonly crashes: number; readonly restarts: number; readonly powerCuts: number };
}

/** A segment is full with that many lines. */
const FULL = 2;
/** More than every transaction needs to find a place: one more would mean that somebody seals without end. */
const MOST_FILES = 4;
const STARTED: Process = {
  phase: 'read',
  life: 0,
  done: 0,
  segment: 0,
  line: 0,
  applied: [],
  ready: -1,
  sealed: false,
};

export function sealModel(scenario: SealScenario): Model<SealState> {
  const { advances, crashes, restarts, powerCuts, rules } = scenario;
  return {
    initial: {
      files: [{ lines: [], named: true }],
      processes: advances.map(() => STARTED),
      won: [],
      left: { crashes, restarts, powerCuts },
    },
    canonical: (state) => JSON.stringify(state),
    *next(state) {
      for (const index of state.processes.keys()) yield* stepsOf(state, index, scenario);
      if (state.left.powerCuts > 0) yield* powerCutsOf(state);
    },
    invariants: invariantsOf(rules),
    finished: ({ processes }) =>
      processes.every(({ phase, done }, index) => phase === 'dead' || done >= (advances[index] ?? 0)),
  };
}

function* stepsOf(state: SealState, index: number, { advances, rules }: SealScenario): Generator<Step<SealState>> {
  const self = state.processes[index];
  if (!self) return;
  const name = String.fromCharCode(65 + index);
  const to = (what: string, process: Partial<Process>, more: Partial<SealState> = {}): Step<SealState> => ({
    name: `${name} ${what}`,
    state: {
      ...state,
      ...more,
      processes: state.processes.map((old, at) => (at === index ? { ...old, ...process } : old)),
    },
  });
  const spend = (kind: 'crashes' | 'restarts'): Partial<SealState> => ({
    left: { ...state.left, [kind]: state.left[kind] - 1 },
  });
  if (self.phase === 'dead') {
    if (state.left.restarts > 0) yield to('starts again', { ...STARTED, life: self.life + 1 }, spend('restarts'));
    return;
  }
  if (self.done >= (advances[index] ?? 0)) return;
  if (state.left.crashes > 0) yield to('is killed', { ...STARTED, phase: 'dead', life: self.life }, spend('crashes'));

  const tx = `${name}${self.life}.${self.done}`;
  const file = state.files[self.segment] ?? { lines: [], named: true };
  const append = (what: string, revision: number) =>
    replaceFile(state.files, self.segment, { ...file, lines: [...file.lines, { what, revision, safe: false }] });
  const flushed = replaceFile(state.files, self.segment, flush(file, rules));
  switch (self.phase) {
    case 'read':
      yield to('reads to the end', { ...readOn(state.files, self, rules), phase: 'decide' });
      return;
    case 'decide': {
      if (self.sealed) yield to('flushes the seal', { phase: 'link' }, rules.flushSeal ? { files: flushed } : {});
      else if (self.ready !== self.segment) {
        const named = rules.flushFolder ? flushed.map((one) => ({ ...one, named: true })) : flushed;
        yield to('flushes the segment for the first time', { phase: 'read', ready: self.segment }, { files: named });
      } else if (file.lines.length >= FULL && self.line >= FULL) {
        yield to('seals the segment', { phase: 'read' }, { files: append('seal', 0) });
      } else yield to(`appends ${tx}`, { phase: 'written' }, { files: append(tx, self.applied.length + 1) });
      return;
    }
    case 'link': {
      const there = state.files.length > self.segment + 1;
      if (!there && state.files.length >= MOST_FILES) throw new RangeError('more segments than there is any use for');
      const files = there ? state.files : [...state.files, { lines: [], named: false }];
      yield to(there ? 'finds the next segment' : 'makes the next segment', { phase: 'name' }, { files });
      return;
    }
    case 'name':
      yield to('flushes the folder', { phase: 'read' }, { files: state.files.map((one) => ({ ...one, named: true })) });
      return;
    case 'written':
      yield to('flushes its line', { phase: 'flushed' }, { files: flushed });
      return;
    case 'flushed': {
      const read = readOn(state.files, self, rules);
      const met = file.lines.findIndex(({ what }) => what === tx);
      const seal = file.lines.findIndex(({ what }) => what === 'seal');
      const isVoid = rules.voidBehindSeal && seal >= 0 && seal < met;
      if (isVoid) yield to('meets the seal before its line', { ...read, phase: 'read' });
      else if (read.applied.includes(tx)) {
        yield to('has won', { ...read, phase: 'read', done: self.done + 1 }, { won: [...state.won, tx].sort() });
      } else yield to('has lost', { ...read, phase: 'read', done: self.done + 1 });
      return;
    }
  }
}

/** Reads on from where a process stands, into later segments that it finds. */
function readOn(
  files: readonly File[],
  { segment, line, applied, sealed }: Pick<Process, 'segment' | 'line' | 'applied' | 'sealed'>,
  rules: Sealing,
): Pick<Process, 'segment' | 'line' | 'applied' | 'sealed'> {
  const made = [...applied];
  for (;;) {
    const lines = files[segment]?.lines ?? [];
    for (; line < lines.length && !(sealed && rules.voidBehindSeal); line++) {
      const { what, revision } = lines[line] ?? { what: '', revision: 0 };
      if (what === 'seal') sealed = true;
      else if (revision === made.length + 1) made.push(what);
    }
    if (!sealed || files[segment + 1] === undefined) return { segment, line, applied: made, sealed };
    [segment, line, sealed] = [segment + 1, 0, false];
  }
}

function flush({ lines, named }: File, { nameWithData }: Sealing): File {
  return { lines: lines.map((line) => ({ ...line, safe: true })), named: named || nameWithData };
}

function replaceFile(files: readonly File[], at: number, file: File): readonly File[] {
  return files.map((old, index) => (index === at ? file : old));
}

/** Any subset of the lines that were not flushed is lost, and a file whose name was not flushed may be gone. */
function* powerCutsOf(state: SealState): Generator<Step<SealState>> {
  const dead = state.processes.map(({ life }): Process => ({ ...STARTED, phase: 'dead', life }));
  const left = { ...state.left, powerCuts: state.left.powerCuts - 1 };
  let images: File[][] = [[]];
  for (const { lines, named } of state.files) {
    let kept: Line[][] = [[]];
    for (const line of lines) {
      const withLine = kept.map((image) => [...image, { ...line, safe: true }]);
      kept = line.safe ? withLine : [...withLine, ...kept];
    }
    const survivors = images.flatMap((image) => kept.map((some) => [...image, { lines: some, named: true }]));
    images = named ? survivors : [...survivors, ...images];
  }
  for (const files of images) {
    const text = files.map(({ lines }) => lines.map(({ what }) => what).join(' ')).join(' | ');
    yield { name: `the power is cut, which leaves: ${text}`, state: { ...state, files, processes: dead, left } };
  }
}

function invariantsOf(rules: Sealing): readonly Invariant<SealState>[] {
  const truth = (state: SealState) => readOn(state.files, STARTED, rules);
  return [
    {
      name: 'acknowledged is kept',
      broken(state) {
        const { applied } = truth(state);
        const lost = state.won.find((tx) => !applied.includes(tx));
        return lost === undefined ? null : `${lost} was told that it won and is not applied`;
      },
    },
    {
      name: 'one winner',
      broken(state) {
        const { applied } = truth(state);
        return new Set(applied).size === applied.length ? null : `applied twice: ${applied.join()}`;
      },
    },
    {
      name: 'no hole',
      broken({ files }) {
        const open = files.findIndex(({ lines }) => lines.every(({ what }) => what !== 'seal'));
        return open < 0 || open === files.length - 1
          ? null
          : `segment ${open + 1} has no seal, though there is a next one`;
      },
    },
    {
      name: 'readers agree',
      broken(state) {
        const { applied } = truth(state);
        const other = state.processes.find((process) => process.applied.some((tx, at) => applied[at] !== tx));
        return other ? `one has applied ${other.applied.join()}, the files say ${applied.join()}` : null;
      },
    },
  ];
}
