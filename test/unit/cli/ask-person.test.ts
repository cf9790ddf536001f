import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { askPerson } from '../../../extension/cli/ask-person';

function terminal() {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  return { input, output, shown: () => shown };
}

describe('what a person is asked for', () => {
  test('is not shown where it is secret, and comes whole', async () => {
    const { input, output, shown } = terminal();
    const answer = askPerson('Passphrase: ', true, { input, output });
    input.write('correct horse\r');
    expect(await answer).toBe('correct horse');
    expect(shown()).toBe('Passphrase: \n');
  });

  test('is shown where it is not', async () => {
    const { input, output, shown } = terminal();
    const answer = askPerson('Trust it? ', false, { input, output });
    input.write('yes\r');
    expect(await answer).toBe('yes');
    expect(shown()).toContain('yes');
  });

  test.each(['\u0003', '\u0004'])('is nothing when they leave with %j', async (key) => {
    const { input, output } = terminal();
    const answer = askPerson('Password: ', true, { input, output });
    input.write(key);
    expect(await answer).toBeNull();
  });

  test('is nothing when the terminal goes away', async () => {
    const { input, output } = terminal();
    const answer = askPerson('Password: ', true, { input, output });
    input.end();
    expect(await answer).toBeNull();
  });
});
