import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { expect, onTestFinished, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../../runner-host/protocol/version';
import { ownIdentity, openProcessTable } from '../../../runner-host/processes/own-identity';
import { HostServer } from '../../../runner-host/server/host-server';
import type { SessionOptions } from '../../../runner-host/server/client-session';
import { endingRun } from '../../unit/host/ending-run';

test('a run that ends while it is being attached tells its end after its output', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ilk-end-'));
  const server = new HostServer();
  const path = join(folder, 'socket');
  await server.listen(path);
  const { run, result, piece, summary } = endingRun();
  const source = {
    read: (from: number) => (from === 0 ? piece : null),
    ended: true,
    onChange: () => () => undefined,
  };
  let opened: () => void = () => undefined;
  const opening = new Promise<void>((resolve) => (opened = resolve));
  let goOn: () => void = () => undefined;
  const open: SessionOptions['open'] = async () => {
    opened();
    await new Promise<void>((resolve) => (goOn = resolve));
    return { summary, view: { source, finished: Promise.resolve(result), close: () => undefined } };
  };
  const identity = ownIdentity(openProcessTable());
  const token = randomBytes(8).toString('hex');
  server.serve(
    { token, identity, handlers: {} as SessionOptions['handlers'], open, log: () => undefined },
    () => undefined,
  );

  const socket = connect(path);
  const client = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
  onTestFinished(async () => {
    client.dispose();
    socket.destroy();
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const told: string[] = [];
  const ended = new Promise<void>((resolve) => {
    client.onNotification((method) => {
      told.push(method);
      if (told.includes('run/output') && method === 'run/finished') resolve();
    });
  });
  client.listen();
  await client.sendRequest('initialize', { version: PROTOCOL_VERSION, token, client: 'test' });
  const attached = client.sendRequest('run/attach', { run, from: 0 });
  await opening;
  server.tell('run/finished', { run, result });
  goOn();
  await attached;
  await ended;
  expect(told).toEqual(['run/output', 'run/finished']);
});
