import { expect, it } from 'vitest';
import { followOnConnection } from '../../../extension/host/follow-connection';
import type { HostConnection } from '../../../extension/host/host-connection';
import { endingRun } from './ending-run';

it('a run that ends before the answer to its attaching has its output told, and then its end', async () => {
  const { run, result, piece, summary } = endingRun();
  let tell: (name: string, event: object) => void = () => undefined;
  const connection = {
    closed: new Promise(() => undefined),
    onEvent: (listener: typeof tell) => {
      tell = listener;
      return () => undefined;
    },
    request: () => {
      tell('run/finished', { run, result });
      setImmediate(() => {
        tell('run/output', { run, ...piece });
        tell('run/finished', { run, result });
      });
      return Promise.resolve(summary);
    },
  } as unknown as HostConnection;
  const told: string[] = [];
  const listener = { output: ({ text }: { text: string }) => void told.push(text), step: () => undefined };
  expect(await followOnConnection(connection, run, 0, listener, () => undefined)).toMatchObject({ state: 'finished' });
  expect(told).toEqual(['ok']);
});
