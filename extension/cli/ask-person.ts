import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/**
 * Asks the person at a terminal for one line.
 * @param hidden nothing that is typed is shown
 * @returns null when the person left with Ctrl-C or Ctrl-D
 */
export async function askPerson(question: string, hidden: boolean, terminal: Terminal): Promise<string | null> {
  terminal.output.write(question);
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!hidden) terminal.output.write(chunk);
      done();
    },
  });
  // As a terminal, so that readline itself echoes (or does not); without a history that would keep the answer.
  const lines = createInterface({ input: terminal.input, output: echo, terminal: true, historySize: 0 });
  try {
    return await new Promise<string | null>((resolve) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => resolve(null));
      lines.once('close', () => resolve(null));
    });
  } finally {
    lines.close();
    terminal.output.write('\n');
  }
}
