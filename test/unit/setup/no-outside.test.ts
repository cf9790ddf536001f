import dgram from 'node:dgram';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';

/** Belongs to nobody (RFC 5737). */
const OUTSIDE = '198.51.100.1';

test.each([
  ['a connection', () => net.connect(25, OUTSIDE)],
  ['a connection by name', () => net.connect({ host: 'tracker.example.com', port: 443 })],
  ['a datagram', () => dgram.createSocket('udp4').unref().send('x', 514, OUTSIDE)],
])("this project's own tests cannot reach the outside: %s", (_way, reach) => {
  expect(reach).toThrow(/tests talk to this machine alone/);
});

test("this project's own tests cannot reach the outside by fetch", async () => {
  const failure = await fetch(`http://${OUTSIDE}/`).catch((error: Error) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(String((failure as Error).cause)).toContain('tests talk to this machine alone');
});

test('but this machine', async () => {
  const server = http.createServer((_asked, answer) => answer.end('here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(await answer.text()).toBe('here');
  server.closeAllConnections();
  server.close();
});
