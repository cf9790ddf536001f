import type { AdvanceContext } from './context';

/** Tells the host that the ledger holds the result; if that fails the host merely keeps it longer. */
export async function acknowledgeResult(context: AdvanceContext, run: string): Promise<void> {
  const { ports, item, onProgress } = context;
  await ports.host.request('run/acknowledge', { run }).catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : String(error);
    onProgress({ kind: 'note', item: item.id, text: `the host was not told that the result is kept: ${detail}` });
  });
}
