import * as z from 'zod/mini';

/** The command as it was started, program first. The ledger keeps it as JSON. */
export function commandOf(text: string): string[] {
  const parsed = z.safeParse(z.array(z.string()), parseJson(text));
  return parsed.success ? parsed.data : [text];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
