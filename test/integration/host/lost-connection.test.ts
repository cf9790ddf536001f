import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { HostConnection } from '../../../extension/host/host-connection';
import { openProcessTable, ownIdentity } from '../../../runner-host/processes/own-identity';
import { PROTOCOL_VERSION } from '../../../runner-host/protocol/version';

const folder = mkdtempSync(join(tmpdir(), 'ilk-lost-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openTo(name: string, answer: (socket: Socket) => Promise<void>): Promise<unknown> {
  const path = join(folder, name);
  const server = createServer({ pauseOnConnect: true }, (socket) => void answer(socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const identity = ownIdentity(openProcessTable());
  const record = { version: PROTOCOL_VERSION, identity, socket: path, token: 'token', startedAt: Date.now() };
  try {
    return await HostConnection.open(record, 'test', PROTOCOL_VERSION).catch((error: unknown) => error);
  } finally {
    server.close();
  }
}

test('a host that dies before it has read what was said is lost, not one that talks nonsense', async () => {
  const error = await openTo('dies', async (socket) => {
    await sleep(100);
    // With unread bytes waiting, the other side gets ECONNRESET instead of an end.
    socket.destroy();
  });
  expect(error).toMatchObject({ code: 'connection-lost' });
});

test('what is no message is a bad reply', async () => {
  const error = await openTo('nonsense', async (socket) => {
    socket.resume();
    socket.end('Content-Length: 7\r\n\r\nnot json');
    await sleep(0);
  });
  expect(error).toMatchObject({ code: 'bad-reply' });
});
