import { nodeFiles, type LedgerFiles } from '../../../extension/ledger/files';

type Call = keyof LedgerFiles;
type Handler<C extends Call> = (
  proceed: (...parameters: Parameters<LedgerFiles[C]>) => ReturnType<LedgerFiles[C]>,
  ...parameters: Parameters<LedgerFiles[C]>
) => ReturnType<LedgerFiles[C]>;

/** The real file calls, each of which a test can fail, shorten, hold back or let something happen before. */
export class FaultyFiles {
  /** The calls that were made, in order. */
  readonly calls: Call[] = [];
  readonly files: LedgerFiles;
  private readonly once = new Map<Call, unknown[]>();
  private readonly always = new Map<Call, unknown>();

  constructor() {
    const wrapped = Object.keys(nodeFiles).map((name) => [
      name,
      (...parameters: unknown[]) => this.call(name as Call, parameters),
    ]);
    this.files = Object.fromEntries(wrapped) as LedgerFiles;
  }

  /** The next call of this name goes to the handler; several wait in order. */
  next<C extends Call>(call: C, handler: Handler<C>): void {
    this.once.set(call, [...(this.once.get(call) ?? []), handler]);
  }

  /** Every call of this name goes to the handler; null ends that. */
  every<C extends Call>(call: C, handler: Handler<C> | null): void {
    if (handler === null) this.always.delete(call);
    else this.always.set(call, handler);
  }

  count(call: Call): number {
    return this.calls.filter((made) => made === call).length;
  }

  private call(call: Call, parameters: unknown[]): unknown {
    this.calls.push(call);
    const proceed = nodeFiles[call] as (...given: unknown[]) => unknown;
    const handler = (this.once.get(call)?.shift() ?? this.always.get(call)) as
      ((...given: unknown[]) => unknown) | undefined;
    return handler ? handler(proceed, ...parameters) : proceed(...parameters);
  }
}

/** A system error as Node makes it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code });
}

export function failWith(code: string): () => never {
  return () => {
    throw systemError(code);
  };
}
