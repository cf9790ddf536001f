import { expect, test } from 'vitest';
import type { LoginAttempt } from '../../../../runner-host/ssh/connect/credentials';
import { errorEvent, isLoginRefused } from '../../../../runner-host/ssh/connect/error-event';
import { makeLogin } from '../../../../runner-host/ssh/connect/login';

type Ask = (left: string[] | null) => { type: string } | false;
const attempts = [
  { method: 'publickey', login: { type: 'publickey', username: 'me', key: 'one' } },
  { method: 'password', login: { type: 'password', username: 'me', password: 'p' } },
  { method: 'keyboard-interactive', login: { type: 'none', username: 'me' } },
] satisfies LoginAttempt[];
const login = (list: LoginAttempt[], may: () => boolean): Ask => makeLogin(list, 'me', may).handler as unknown as Ask;

test('each attempt is made once, and only what the host takes', () => {
  const next = login(attempts, () => true);
  expect(next(null)).toMatchObject({ type: 'publickey' });
  expect(next(['publickey', 'keyboard-interactive'])).toMatchObject({ type: 'none' });
  expect(next(['publickey', 'password'])).toBe(false);
  expect(next(null)).toBe(false);
});

test('with nothing to offer the host is asked what it takes', () => {
  const asked = makeLogin([], 'me', () => true);
  const next = asked.handler as unknown as Ask;
  expect(next(null)).toEqual({ type: 'none', username: 'me' });
  expect(next(['password'])).toBe(false);
  expect(asked.methodsLeft).toEqual(['password']);
});

test('nothing is offered to a host whose key was not accepted', () => {
  expect(login(attempts, () => false)(null)).toBe(false);
});

test.each<[Error & { level?: string; code?: string | number }, boolean]>([
  [Object.assign(new Error(), { level: 'client-authentication' }), true],
  [Object.assign(new Error(), { code: 2 }), true],
  [Object.assign(new Error(), { code: 11 }), false],
  [Object.assign(new Error(), { level: 'agent' }), false],
  [Object.assign(new Error(), { level: 'client-socket', code: 'ECONNRESET' }), false],
])('a login was refused or not, by what an error carries: %#', (error, refused) => {
  expect(isLoginRefused([errorEvent(error)])).toBe(refused);
});
