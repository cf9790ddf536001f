// Run as a program of its own: says what a connection to 127.0.0.1:22 comes to.
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { classify } from '../../../../runner-host/ssh/classify';
import { openRemoteHost } from '../../../../runner-host/ssh/connect/remote-host';
import type { SshEvent } from '../../../../runner-host/ssh/staging-evidence';

const host = openRemoteHost(
  { transport: 'ssh2', host: process.argv[2] ?? '127.0.0.1', port: 22, user: userInfo().username },
  {
    secrets: { passphrases: {}, password: null },
    trustStore: join(tmpdir(), 'no-such-store'),
    env: process.env,
    sshConfig: '/dev/null',
  },
);
const events: SshEvent[] = [];
await host.open('true', { data: () => undefined, event: (event) => void events.push(event) }).ended;
await host.close();
const found = classify({ events, frames: [], seen: 0, noiseBytes: 0, inner: null });
console.log(`${found.class} ${found.cause} ${JSON.stringify(events)}`);
