import type * as z from 'zod/mini';
import { factOf, knownKeys } from './key-facts';
import type { JsonPath } from './json-source';
import { LATER_KEYS } from './later-keys';
import { nearestName } from './nearest';
import type { Finding } from './finding';

/**
 * What is wrong at one place and what helps, in words of our own: zod's issue says only where and which kind.
 * @param valueAt what the file holds at a place; undefined = nothing
 */
export function describeIssue(issue: z.core.$ZodIssue, valueAt: (path: JsonPath) => unknown): Finding[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  const fact = factOf(path);
  const remedy = fact === undefined ? 'Write it as the documentation shows' : `Write for example: ${fact.example}`;
  const must = `must be ${fact?.expects ?? 'something else'}`;
  const input = valueAt(path);
  const name = path.at(-1);
  if (input === undefined && typeof name === 'string' && issue.code !== 'invalid_key')
    return [{ path: path.slice(0, -1), key: name, message: `The key is missing: it ${must}`, remedy }];
  if (issue.code === 'invalid_key' && typeof name === 'string')
    return [{ path: path.slice(0, -1), key: name, message: `The value ${must}`, remedy }];
  return [{ path, message: `The value ${must}, not ${shown(input)}`, remedy }];
}

function unknownKey(path: readonly (string | number)[], key: string): Finding {
  const full = [...path, key].join('.');
  if (path[0] === 'staging' && isSecret(key)) return { path, key, ...notHere(full) };
  if (LATER_KEYS.has(full)) return { path, key, ...later(`"${full}"`) };
  const known = knownKeys(path);
  const nearest = nearestName(key, known);
  return {
    path,
    key,
    message: nearest === undefined ? 'The key is unknown' : `The key is unknown; the nearest known one is "${nearest}"`,
    remedy: `Rename or remove it; known here: ${known.join(', ')}`,
  };
}

/** What people try to put beside a host's name: who they are, and what only they know. */
function isSecret(key: string): boolean {
  return /pass|pwd|secret|token|credential|identit|private|^keys?$|key_?(file|path)|agent|known_?hosts|fingerprint/i.test(
    key,
  );
}

function notHere(full: string): { message: string; remedy: string } {
  return {
    message: `"${full}" does not belong into the repository: whoever reads it could log in`,
    remedy:
      'Remove it, and change the secret if it was committed. Identities and known hosts are those of your own ssh (~/.ssh, agent); passphrases, passwords and new host keys are asked for by `interlock doctor` and "Interlock: Check Staging Host"',
  };
}

function later(what: string): { message: string; remedy: string } {
  return {
    message: `${what} is not supported by this version of Interlock`,
    remedy: 'Remove it: a rule that is not applied must not look as if it were',
  };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
