import { expect, test } from 'vitest';
import { ConnectRefused } from '../../../../runner-host/ssh/connect/connect-refused';
import { parseHops } from '../../../../runner-host/ssh/connect/proxy-jump';

test.each([
  ['gate', [{ host: 'gate', port: null, user: null }]],
  ['me@gate:23', [{ host: 'gate', port: 23, user: 'me' }]],
  ['a@b@gate', [{ host: 'gate', port: null, user: 'a@b' }]],
  ['[::1]:23', [{ host: '::1', port: 23, user: null }]],
  ['ssh://me@gate:23/', [{ host: 'gate', port: 23, user: 'me' }]],
  [
    'one, two:2',
    [
      { host: 'one', port: null, user: null },
      { host: 'two', port: 2, user: null },
    ],
  ],
])('%s', (value, hops) => expect(parseHops(value)).toEqual(hops));

test.each(['', 'one,,two', '::1', 'gate:port', 'gate:'])('refuses "%s"', (value) => {
  expect(() => parseHops(value)).toThrow(ConnectRefused);
});
