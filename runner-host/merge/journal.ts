import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { writeDurably } from '../registry/write-durably';
import type { Log } from '../supervisor/send-signal';

const Candidate = z.strictObject({
  base: z.string(),
  commit: z.string(),
  tree: z.string(),
  /** The commit that was, or is to be, pushed. */
  tip: z.string(),
  tipTree: z.string(),
  /** The branch on the remote when the candidate was built; null: it is not there. */
  remoteHead: z.nullable(z.string()),
});
export type JournalCandidate = z.infer<typeof Candidate>;

const Verdict = z.strictObject({
  of: z.enum(['test', 'security']),
  commit: z.string(),
  key: z.string(),
  coverage: z.nullable(z.strictObject({ covered: z.int(), total: z.int() })),
});

const Entry = z.strictObject({
  version: z.literal(1),
  item: z.string(),
  /** What the entry is about: with another head, base, remote or style it is another one. */
  about: z.string(),
  run: z.string(),
  step: z.string(),
  attempts: z.int(),
  /** The name of the backup refs, fixed so that a retry makes no second ones. */
  backup: z.string(),
  candidate: z.nullable(Candidate),
  /** The push of `candidate.tip` may have happened. */
  landing: z.boolean(),
  verdicts: z.array(Verdict),
});
type Entry = z.infer<typeof Entry>;

/** At most so many: old candidates' verdicts are worth nothing. */
const MOST_VERDICTS = 20;

/** A name for folders and refs that holds nothing but letters, digits, `-` and `_`, another one for each id. */
export function slugOf(item: string): string {
  const plain = item.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 60);
  return `${plain}-${createHash('sha256').update(item).digest('hex').slice(0, 8)}`;
}

/**
 * One item's way through the gate, on disk before each side effect. It saves work after a crash and names what may have been
 * pushed; what has landed is always read from the remote.
 */
export class Journal {
  readonly #path: string;
  #entry: Entry;

  private constructor(path: string, entry: Entry) {
    this.#path = path;
    this.#entry = entry;
  }

  /** Opens the item's journal. One that is damaged is put aside: it is no proof of anything. */
  static async open(folder: string, item: string, about: string, run: string, now: Date, log: Log): Promise<Journal> {
    const path = join(folder, `${slugOf(item)}.json`);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const fresh: Entry = {
      version: 1,
      item,
      about,
      run,
      step: 'CLAIM',
      attempts: 0,
      backup: now.toISOString().replace(/[-:.]/g, ''),
      candidate: null,
      landing: false,
      verdicts: [],
    };
    const known = await read(path, log);
    return new Journal(path, known !== null && known.about === about ? { ...known, run } : fresh);
  }

  get candidate(): JournalCandidate | null {
    return this.#entry.candidate;
  }

  get landing(): boolean {
    return this.#entry.landing;
  }

  /** The landing was seen on the target and everything after it is done. */
  get isDone(): boolean {
    return this.#entry.step === 'DONE';
  }

  get backup(): string {
    return this.#entry.backup;
  }

  verdict(of: 'test' | 'security', commit: string, key: string): z.infer<typeof Verdict> | null {
    return (
      this.#entry.verdicts.find((known) => known.of === of && known.commit === commit && known.key === key) ?? null
    );
  }

  /** Writes the step that comes now, before it happens. */
  async write(step: string, more: Partial<Pick<Entry, 'candidate' | 'landing' | 'attempts'>> = {}): Promise<void> {
    this.#entry = { ...this.#entry, ...more, step };
    await writeDurably(this.#path, JSON.stringify(this.#entry));
  }

  async passed(verdict: z.infer<typeof Verdict>): Promise<void> {
    const verdicts = [verdict, ...this.#entry.verdicts].slice(0, MOST_VERDICTS);
    this.#entry = { ...this.#entry, verdicts };
    await writeDurably(this.#path, JSON.stringify(this.#entry));
  }

  /** The item is done: nothing is left to take up. */
  async remove(): Promise<void> {
    await unlink(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

async function read(path: string, log: Log): Promise<Entry | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return Entry.parse(JSON.parse(text));
  } catch (error) {
    log(`${path} is damaged and put aside: ${(error as Error).message.slice(0, 300)}`);
    await rename(path, `${path}.damaged`);
    return null;
  }
}
