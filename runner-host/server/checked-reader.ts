import type { Socket } from 'node:net';
import { StreamMessageReader, type DataCallback, type Disposable } from 'vscode-jsonrpc/node';
import * as z from 'zod/mini';

/** What a client may send: a request, or the library's own cancel notification. */
const Incoming = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.optional(z.union([z.string(), z.int()])),
  method: z.string(),
  params: z.optional(z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())])),
});

/** Lets only whole JSON-RPC messages through; anything else is an error of the reader, which the server answers. */
export class CheckedReader extends StreamMessageReader {
  constructor(socket: Socket) {
    super(socket);
  }

  override listen(callback: DataCallback): Disposable {
    return super.listen((message) => {
      const parsed = Incoming.safeParse(message);
      if (parsed.success) callback(message);
      else this.fireError(new Error(`not a request: ${parsed.error.message.slice(0, 500)}`));
    });
  }
}
