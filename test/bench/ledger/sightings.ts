import { setTimeout } from 'node:timers/promises';
import type * as z from 'zod/mini';
import { itemId } from './rows';
import type { Sightings, SpecOf } from './spec';
import type { Store } from './store';

const ITEM = itemId(0);
const nowMicros = (): number => Number(process.hrtime.bigint() / 1000n);

/** Commits one transition after the other with pauses in between and notes when each was answered. */
export async function writeCommits(spec: SpecOf<'write'>, store: Store): Promise<z.infer<typeof Sightings>> {
  const seen: [number, number][] = [];
  for (let count = 0; count < spec.commits; count++) {
    await setTimeout(spec.everyMs);
    if ((await store.advance(ITEM, `write-${count}`)) !== 'done')
      throw new Error('nobody else writes, and yet the race was lost');
    const answered = nowMicros();
    seen.push([store.revision(ITEM), answered]);
  }
  return { kind: 'sightings', seen };
}

/** Notes when each revision was first seen, until all have come or the parent closes the channel. */
export function watchCommits(spec: SpecOf<'read'>, store: Store): Promise<z.infer<typeof Sightings>> {
  const seen: [number, number][] = [];
  const first = store.revision(ITEM);
  let last = first;
  return new Promise((resolve) => {
    const look = (): void => {
      const revision = store.revision(ITEM);
      const now = nowMicros();
      for (; last < revision; last++) seen.push([last + 1, now]);
      if (last >= first + spec.commits) finish();
    };
    const stop = store.onChange(look);
    const finish = (): void => {
      stop();
      resolve({ kind: 'sightings', seen });
    };
    process.once('message', finish);
  });
}
