import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { noteGuard, readGuard } from '../../../runner-host/guard/audit';
import { isLocal, matches, readTarget, standingOf } from '../../../runner-host/guard/policy';
import { upstreamOf } from '../../../runner-host/guard/upstream';

const folder = mkdtempSync(join(tmpdir(), 'ilk-guard-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);

describe('this machine', () => {
  test.each([
    'localhost',
    'LOCALHOST.',
    'a.localhost',
    '127.0.0.1',
    '127.8.9.1',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    '0.0.0.0',
    '',
    ...own,
  ])('is %j', (host) => expect(isLocal(host)).toBe(true));
  test.each([
    'example.com',
    '127.0.0.1.example.com',
    '127.example.com',
    'localhost.example.com',
    '198.51.100.1',
    '10.255.255.254',
    `${hostname()}.example.com`,
  ])('is not %j', (host) => expect(isLocal(host)).toBe(false));
});

test.each([
  ['a.example.com', 'a.example.com', 443, true],
  ['a.example.com', 'A.EXAMPLE.COM.', 443, true],
  ['a.example.com', 'b.a.example.com', 443, false],
  ['*.example.com', 'a.example.com', 443, true],
  ['*.example.com', 'example.com', 443, false],
  ['*.example.com', 'evilexample.com', 443, false],
  ['a.example.com:443', 'a.example.com', 443, true],
  ['a.example.com:443', 'a.example.com', 80, false],
])('the pattern %s and %s:%i', (pattern, host, port, expected) => {
  expect(matches(pattern, { host, port })).toBe(expected);
});

test('everything is outside unless something says otherwise', () => {
  const target = { host: 'sandbox.example.com', port: 443 };
  const policy = { sandbox: [target.host], allowSandboxWrites: false, read: [] };
  expect(standingOf(target, policy)).toBe('outside');
  expect(standingOf(target, { ...policy, allowSandboxWrites: true })).toBe('sandbox');
  expect(standingOf(target, { ...policy, read: [target.host] })).toBe('read');
  expect(standingOf({ host: 'proxy.golang.org', port: 443 }, policy)).toBe('read');
  expect(standingOf({ host: 'upload.pypi.org', port: 443 }, policy)).toBe('outside');
});

test.each([
  ['a.example.com:443', { host: 'a.example.com', port: 443 }],
  ['[::1]:80', { host: '::1', port: 80 }],
  ['a.example.com', null],
  ['http://a.example.com:80', null],
  [':80', null],
  ['', null],
])('the target of CONNECT %j', (text, target) => {
  expect(readTarget(text)).toEqual(target);
});

test("a proxy of the user's own stands behind the guard, but for what it is not for", () => {
  const upstream = upstreamOf({
    HTTPS_PROXY: 'http://proxy:3128',
    http_proxy: 'http://other:80',
    no_proxy: '.corp.example, direct.example',
  });
  expect(upstream.https({ host: 'a.example.com', port: 443 })?.host).toBe('proxy:3128');
  expect(upstream.http({ host: 'a.example.com', port: 80 })?.hostname).toBe('other');
  for (const host of ['a.corp.example', 'direct.example']) expect(upstream.https({ host, port: 443 })).toBeNull();
  expect(upstreamOf({}).https({ host: 'a.example.com', port: 443 })).toBeNull();
});

describe("the guard's record", () => {
  test('is counted whole, shown in part, and what is no record is said', async () => {
    const file = join(folder, 'guard.jsonl');
    writeFileSync(file, '');
    for (let at = 0; at < 30; at++)
      noteGuard(file, { action: 'blocked', method: 'POST', target: `a:${at}`, by: 'proxy' });
    noteGuard(file, { action: 'allowed', method: 'x'.repeat(5000), target: 'b:1', by: 'proxy' });
    appendFileSync(file, 'rubbish\n{"action":"blocked"}\n[]\n');
    const reading = await readGuard(file);
    expect(reading).toMatchObject({ blocked: 30, allowed: 1, unreadable: 3 });
    expect(reading.entries).toHaveLength(20);
  });

  test('that is gone does not read as "nothing happened"', async () => {
    expect(await readGuard(join(folder, 'gone'))).toMatchObject({ blocked: 0, unreadable: 1 });
  });
});
