import { isDeepStrictEqual } from 'node:util';
import type { SmokeAnswer } from '../protocol/result';
import type { SmokeRequest } from '../protocol/run-spec';

const MOST_BYTES = 1024 * 1024;

/** Asks each address once, one after the other, with GET, following no redirect. Never throws. */
export async function askSmoke(requests: readonly SmokeRequest[], stop: AbortSignal): Promise<SmokeAnswer[]> {
  const answers: SmokeAnswer[] = [];
  for (const request of requests) {
    const clock = performance.now();
    const found = await ask(request, stop);
    answers.push({ url: request.url, ...found, durationMs: performance.now() - clock });
  }
  return answers;
}

async function ask(request: SmokeRequest, stop: AbortSignal): Promise<Pick<SmokeAnswer, 'outcome' | 'detail'>> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(request.timeoutMs)]);
  try {
    const response = await fetch(request.url, { redirect: 'manual', signal });
    if (response.status !== request.status) {
      await response.body?.cancel();
      return { outcome: 'wrong', detail: `status ${response.status} instead of ${request.status}` };
    }
    const pointers = Object.entries(request.json);
    if (pointers.length === 0) {
      await response.body?.cancel();
      return { outcome: 'right', detail: `status ${response.status}` };
    }
    return compare(pointers, await readText(response));
  } catch (error) {
    if (stop.aborted) return { outcome: 'none', detail: 'cancelled' };
    const { name, message, cause } = error as Error;
    if (name === 'TimeoutError') return { outcome: 'none', detail: `no answer within ${request.timeoutMs} ms` };
    return { outcome: 'none', detail: cause instanceof Error ? cause.message || String(cause) : message };
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`the answer has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function compare(pointers: readonly [string, unknown][], text: string): Pick<SmokeAnswer, 'outcome' | 'detail'> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { outcome: 'wrong', detail: 'the answer is not JSON' };
  }
  for (const [pointer, expected] of pointers) {
    const found = at(body, pointer);
    if (!isDeepStrictEqual(found, expected))
      return {
        outcome: 'wrong',
        detail: `${pointer} is ${JSON.stringify(found)?.slice(0, 200) ?? 'missing'} instead of ${JSON.stringify(expected)}`,
      };
  }
  return { outcome: 'right', detail: `status and ${pointers.length} value(s) as expected` };
}

/** What stands at a JSON pointer (RFC 6901); undefined where there is nothing. */
function at(value: unknown, pointer: string): unknown {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    return (inner as Record<string, unknown>)[step];
  }, value);
}
