import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { SmokeRequest } from '../../../runner-host/protocol/run-spec';
import { askSmoke } from '../../../runner-host/runners/smoke';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const request = (url: string, more: Partial<SmokeRequest> = {}): SmokeRequest => ({
  ...{ url, status: 200, json: {}, timeoutMs: 5000 },
  ...more,
});
const ask = async (one: SmokeRequest, stop = new AbortController().signal) => (await askSmoke([one], stop))[0];
const json =
  (body: string): RequestListener =>
  (_asked, answer) =>
    void answer.end(body);

describe('a request after a green suite', () => {
  test('is a GET, and right where status and values are as written', async () => {
    const asked: string[] = [];
    const url = await serve((each, answer) => {
      asked.push(`${each.method} ${each.url}`);
      answer.end('{"status":"ok","parts":[{"a/b":1}],"none":null}');
    });
    const values = { '/status': 'ok', '/parts/0/a~1b': 1, '/none': null };
    expect(await ask(request(`${url}/health`, { json: values }))).toMatchObject({ outcome: 'right' });
    expect(asked).toEqual(['GET /health']);
  });

  test.each([
    ['another value', '{"status":"down"}', '/status is "down" instead of "ok"'],
    ['a value that is not there', '{}', '/status is missing instead of "ok"'],
    ['a value of another kind', '{"status":["ok"]}', 'instead of "ok"'],
    ['no JSON', '<html>', 'not JSON'],
    ['an inherited name', '{"__proto__":{"status":"ok"}}', '/status is missing'],
  ])('is wrong for %s', async (_what, body, detail) => {
    const url = await serve(json(body));
    const answer = await ask(request(url, { json: { '/status': 'ok' } }));
    expect(answer).toMatchObject({ outcome: 'wrong', detail: expect.stringContaining(detail) });
  });

  test('is wrong for another status, and follows no redirect', async () => {
    const url = await serve((_asked, answer) => void answer.writeHead(302, { location: '/elsewhere' }).end());
    expect(await ask(request(url))).toMatchObject({ outcome: 'wrong', detail: 'status 302 instead of 200' });
    expect(await ask(request(url, { status: 302 }))).toMatchObject({ outcome: 'right' });
  });

  test('has no answer where nobody listens, where the time is over, and where it is too long', async () => {
    const url = await serve((asked, answer) => {
      if (asked.url === '/long') answer.end(Buffer.alloc(2 * 1024 * 1024, 32));
    });
    expect(await ask(request('http://127.0.0.1:1/'))).toMatchObject({ outcome: 'none' });
    expect(await ask(request(url, { timeoutMs: 50 }))).toMatchObject({
      outcome: 'none',
      detail: 'no answer within 50 ms',
    });
    expect(await ask(request(`${url}/long`, { json: { '/a': 1 } }))).toMatchObject({ outcome: 'none' });
  });

  test('ends with the run', async () => {
    const url = await serve(() => undefined);
    const stop = new AbortController();
    const asked = ask(request(url), stop.signal);
    stop.abort('cancelled');
    expect(await asked).toMatchObject({ outcome: 'none', detail: 'cancelled' });
  });
});
