import { expect, it } from 'vitest';
import { followOnConnection } from '../../../extension/host/follow-connection';
import type { HostConnection } from '../../../extension/host/host-connection';
import { suiteRan } from '../pipeline/rows';

it('a run that ends before the answer to its attaching has its output told, and then its end', async () => {
  const result = suiteRan();
  const { run, item } = result;
  const summary = {
    run,
    item,
    kind: 'test',
    state: 'running',
    position: null,
    startedAt: 1,
    outputBytes: 2,
    result: null,
  };
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
        tell('run/output', { run, offset: 0, next: 2, stream: 'stdout', text: 'ok' });
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
