import type { AnyAuthMethod, AuthHandlerMiddleware } from 'ssh2';
import type { LoginAttempt } from './credentials';

export interface Login {
  handler: AuthHandlerMiddleware;
  /** The methods that the host would still take when the last attempt had failed. */
  methodsLeft: readonly string[];
}

/**
 * Offers each attempt once, and only what the host says it takes. Nothing is offered before `mayLogIn` answers true: no
 * credential goes to a host whose key was not found on file, whatever the client makes of a verifier's answer.
 */
export function makeLogin(attempts: readonly LoginAttempt[], username: string, mayLogIn: () => boolean): Login {
  // Without any, the host is asked for what it takes.
  const left: LoginAttempt[] =
    attempts.length > 0 ? [...attempts] : [{ method: 'none', login: { type: 'none', username } }];
  const next = (methods: readonly string[] | null): AnyAuthMethod | false => {
    if (!mayLogIn()) return false;
    if (methods !== null) login.methodsLeft = methods;
    for (let attempt = left.shift(); attempt !== undefined; attempt = left.shift()) {
      if (methods === null || methods.includes(attempt.method)) return attempt.login;
    }
    return false;
  };
  // The types know only the form with a callback. The first question comes with null.
  const login: Login = { handler: next as unknown as AuthHandlerMiddleware, methodsLeft: [] };
  return login;
}
