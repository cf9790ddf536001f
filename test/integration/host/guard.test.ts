import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestRunResult } from '../../../runner-host/protocol/result';
import type { TestRunSpec } from '../../../runner-host/protocol/run-spec';
import { openHostRig, type HostRig } from './host-rig';

/** An address that belongs to nobody (RFC 5737). */
const OUTSIDE = '198.51.100.1';

let rig: HostRig;
let server: Server;
let local: string;
/** `METHOD url` of every request that reached the server on this machine. */
let reached: string[];

beforeAll(async () => {
  rig = await openHostRig();
  server = createServer((asked, answer) => {
    reached.push(`${asked.method} ${asked.url}`);
    asked.resume().on('end', () => answer.end('answered'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  local = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => (reached = []));
afterAll(async () => {
  await rig.close();
  server.closeAllConnections();
  server.close();
});

const run = (command: string | string[], more: Partial<TestRunSpec> = {}) => rig.run(rig.spec(command, more));
const node = (code: string, more: Partial<TestRunSpec> = {}) => run([process.execPath, '-e', code], more);
const blocked = (result: TestRunResult) =>
  result.guard?.entries.filter(({ action }) => action === 'blocked').map(({ method, target }) => `${method} ${target}`);

describe('Node', () => {
  test.each([
    ['fetch', `fetch('http://${OUTSIDE}/x', { method: 'POST', body: 'x' }).catch(tell)`, `POST ${OUTSIDE}:80`],
    [
      'http.request',
      `try { require('http').request({ host: '${OUTSIDE}', method: 'PUT' }) } catch (e) { tell(e) }`,
      `PUT ${OUTSIDE}:80`,
    ],
    [
      'https.request',
      `try { require('https').request('https://tracker.example.com/', { method: 'DELETE' }) } catch (e) { tell(e) }`,
      'DELETE tracker.example.com:443',
    ],
    ['a raw connection', `require('net').connect(25, '${OUTSIDE}').on('error', tell)`, `CONNECT ${OUTSIDE}:25`],
    ['TLS', `require('tls').connect(443, '${OUTSIDE}').on('error', tell)`, `CONNECT ${OUTSIDE}:443`],
    ['HTTP/2', `require('http2').connect('http://${OUTSIDE}').on('error', tell)`, `CONNECT ${OUTSIDE}:80`],
    [
      'a datagram',
      `try { require('dgram').createSocket('udp4').unref().send('x', 514, '${OUTSIDE}') } catch (e) { tell(e) }`,
      `UDP ${OUTSIDE}:514`,
    ],
    [
      'a worker',
      `new (require('worker_threads').Worker)("require('net').connect(25, '${OUTSIDE}')", { eval: true }).on('error', tell)`,
      `CONNECT ${OUTSIDE}:25`,
    ],
    [
      'a raw connection out of a read',
      `require('http').get({ host: '${OUTSIDE}', timeout: 50 }).on('timeout', function () { this.destroy() })
         .on('error', () => {}).on('close', () => require('net').connect(25, '198.51.100.2').on('error', tell))`,
      'CONNECT 198.51.100.2:25',
    ],
  ])('a write by %s is refused where it is called', async (_way, code, record) => {
    const { result, output } = await node(`const tell = (e) => console.log('refused:', e.code);${code}`);
    expect(output).toContain('refused: EINTERLOCK');
    expect(result.guard).toMatchObject({ blocked: 1, allowed: 0 });
    expect(blocked(result)).toEqual([record]);
  });

  test('an import of the module form is guarded as well', async () => {
    const code = `import { request } from 'node:http'; try { request({ host: '${OUTSIDE}', method: 'POST' }) } catch (e) { console.log(e.code) }`;
    const { output } = await run([process.execPath, '--input-type=module', '-e', code]);
    expect(output).toContain('EINTERLOCK');
  });

  test('a read is not refused, and on this machine everything passes', async () => {
    const code = `const http = require('http');
      http.get({ host: '${OUTSIDE}', timeout: 100 }).on('timeout', function () { this.destroy() })
        .on('error', (e) => console.log('failed:', e.code)).on('close', () => console.log('asked'));
      fetch('${local}/a', { method: 'POST', body: 'x' }).then((r) => r.text()).then(console.log);`;
    const { result, output } = await node(code);
    expect(output).toContain('asked');
    expect(output).not.toContain('EINTERLOCK');
    expect(output).toContain('answered');
    expect(reached).toEqual(['POST /a']);
    expect(result.guard).toEqual({ blocked: 0, allowed: 0, unreadable: 0, entries: [] });
  });
});

describe('a mock of the outside', () => {
  const mock = (dispatch: string) => `class MockAgent { dispatch(options, handler) { ${dispatch} } }
    fetch('http://${OUTSIDE}/', { method: 'POST', body: 'x', dispatcher: new MockAgent() })
      .catch((e) => console.log('failed:', (e.cause || e).code || (e.cause || e).message));`;

  test('answers for the outside without being refused', async () => {
    const { result, output } = await node(mock(`throw new Error('answered by a mock')`));
    expect(output).toContain('failed: answered by a mock');
    expect(result.guard).toMatchObject({ blocked: 0 });
  });

  test('that lets a request through does not get it past the guard', async () => {
    const { output } = await node(
      mock(`require('net').connect(80, '${OUTSIDE}').on('error', (e) => handler.onError(e))`),
    );
    expect(output).toContain('failed: EINTERLOCK');
  });
});

describe('Python', () => {
  const python = (code: string) => run(['python3', '-c', code]);

  test.each([
    ['urllib', `urllib.request.urlopen('http://${OUTSIDE}/', data=b'x')`, `POST ${OUTSIDE}:80`],
    [
      'http.client',
      `http.client.HTTPSConnection('tracker.example.com').request('PATCH', '/')`,
      'PATCH tracker.example.com:443',
    ],
    ['a raw socket', `socket.create_connection(('${OUTSIDE}', 25))`, `CONNECT ${OUTSIDE}:25`],
    ['a datagram', `socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('${OUTSIDE}', 514))`, `UDP ${OUTSIDE}:514`],
  ])('a write by %s is refused where it is called', async (_way, code, record) => {
    // Without the proxy, so that the layer in the process is what refuses.
    const direct = 'urllib.request.install_opener(urllib.request.build_opener(urllib.request.ProxyHandler({})))';
    const { result, output } = await python(`import http.client, socket, urllib.request\n${direct}\n${code}`);
    expect(output).toContain('PermissionError: Interlock refused');
    expect(blocked(result)).toEqual([record]);
  });

  test('on this machine everything passes', async () => {
    const { result, output } = await python(
      `import urllib.request\nprint(urllib.request.urlopen('${local}/p', data=b'x').read())`,
    );
    expect(output).toContain('answered');
    expect(reached).toEqual(['POST /p']);
    expect(result.guard).toMatchObject({ blocked: 0 });
  });
});

describe('any program that heeds proxies', () => {
  test('a write over HTTP and a connection that cannot be looked into are refused', async () => {
    const { result, output } = await run(
      `curl -s -d x http://tracker.example.com/issues; curl -s https://forge.example.com/ || echo "curl ended with $?"`,
    );
    expect(output).toContain('Interlock refused this');
    expect(output).toContain('curl ended with 56');
    expect(blocked(result)).toEqual(['POST tracker.example.com:80', 'CONNECT forge.example.com:443']);
  });

  test('on this machine it is not asked', async () => {
    const { result, output } = await run(`curl -s -d x ${local}/c`);
    expect(output).toBe('answered');
    expect(result.guard).toMatchObject({ blocked: 0 });
  });
});

describe('git', () => {
  let bare: string;
  beforeAll(() => {
    bare = mkdtempSync(join(tmpdir(), 'ilk-bare-'));
    execFileSync('git', ['init', '--bare', '--quiet', bare]);
  });
  afterAll(() => rmSync(bare, { recursive: true, force: true }));

  test.each([
    ['https', 'https://forge.example.com/a.git', /git push forge\.example\.com\/a\.git/],
    ['ssh', 'ssh://git@forge.example.com/a.git', /git push .*forge\.example\.com.*a\.git/],
    ['ssh, short form', 'git@forge.example.com:a.git', /git push .*forge\.example\.com.*a\.git/],
  ])('a push over %s is refused', async (_way, url, record) => {
    const { result } = await run(`git push -q ${url} HEAD:refs/heads/x`);
    expect(result.supervision.exitCode).not.toBe(0);
    expect(blocked(result)?.join('\n')).toMatch(record);
  });

  test('a push to a repository on this machine is not', async () => {
    const { result } = await run(`git push -q '${bare}' HEAD:refs/heads/x`);
    expect(result).toMatchObject({ supervision: { exitCode: 0 }, guard: { blocked: 0 } });
  });
});

describe('the sandbox', () => {
  const ask = (network: TestRunSpec['network']) => {
    // Stands before the sandbox as a company's proxy would: the tests need no network.
    const env = { HTTP_PROXY: local, http_proxy: local };
    return run('curl -s -d x http://sandbox.example.com/a', { env, ...(network ? { network } : {}) });
  };
  const sandbox = ['*.example.com:80'];

  test('may be written to if it is listed and opted in, and that is on record', async () => {
    const { result, output } = await ask({ sandbox, allowSandboxWrites: true, read: [] });
    expect(output).toBe('answered');
    expect(reached).toEqual(['POST http://sandbox.example.com/a']);
    expect(result.guard).toMatchObject({
      ...{ blocked: 0, allowed: 1 },
      entries: [{ action: 'allowed', method: 'POST', target: 'sandbox.example.com:80' }],
    });
  });

  test.each([
    ['listed but not opted in', { sandbox, allowSandboxWrites: false, read: [] }],
    ['opted in but not listed', { sandbox: ['other.example.com'], allowSandboxWrites: true, read: [] }],
    ['listed for another port', { sandbox: ['sandbox.example.com:443'], allowSandboxWrites: true, read: [] }],
    ['listed for reading alone', { sandbox: [], allowSandboxWrites: true, read: ['sandbox.example.com'] }],
    ['not configured', undefined],
  ])('is outside where it is %s', async (_what, network) => {
    const { result } = await ask(network);
    expect(reached).toEqual([]);
    expect(result.guard).toMatchObject({ blocked: 1, allowed: 0 });
  });
});

describe('no switch turns it off', () => {
  test.each([
    [
      'variables of the project',
      { NODE_OPTIONS: '', INTERLOCK_GUARD: '', PYTHONPATH: '', NO_PROXY: '*', no_proxy: '*', GIT_CONFIG_COUNT: '0' },
    ],
    ['an empty sandbox list of everything', {}],
  ])('not %s', async (_what, env) => {
    const network = { sandbox: [], allowSandboxWrites: true, read: [] };
    const { result, output } = await run(
      `${process.execPath} -e "fetch('http://${OUTSIDE}/', { method: 'POST' }).catch((e) => console.log(e.code))"
       python3 -c "import socket; socket.create_connection(('${OUTSIDE}', 25))"
       curl -s -d x http://tracker.example.com/
       git push -q https://forge.example.com/a.git HEAD:x`,
      { env, network },
    );
    expect(output).toContain('EINTERLOCK');
    expect(blocked(result)).toHaveLength(4);
  });

  test('children of children are guarded', async () => {
    const { result } = await run(
      `sh -c 'sh -c "${process.execPath} -e \\"require(\\\\\\"net\\\\\\").connect(25, \\\\\\"${OUTSIDE}\\\\\\")\\""'`,
    );
    expect(blocked(result)).toEqual([`CONNECT ${OUTSIDE}:25`]);
  });

  test('a record that the run removes or fills with rubbish is said to be unreadable', async () => {
    const { result } = await run('echo rubbish >> "$INTERLOCK_GUARD_LOG"');
    expect(result.guard).toMatchObject({ blocked: 0, unreadable: 1 });
    const gone = await run('rm "$INTERLOCK_GUARD_LOG"');
    expect(gone.result.guard).toMatchObject({ unreadable: 1 });
  });
});

test('the environment of two runs has one hash, and another one where a variable differs', async () => {
  const hash = async (env: Record<string, string>) => (await run('true', { env })).result.environment?.hash;
  const first = await hash({ GIVEN: 'one' });
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await hash({ GIVEN: 'one' })).toBe(first);
  expect(await hash({ GIVEN: 'two' })).not.toBe(first);
});
