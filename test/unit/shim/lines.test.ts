import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readLines, toLine } from '../../../runner-host/shim/lines';

function reader(): { stream: PassThrough; heard: string[] } {
  const stream = new PassThrough();
  const heard: string[] = [];
  readLines(stream, { onLine: (line) => heard.push(line), onEnd: () => heard.push('END') });
  return { stream, heard };
}

const settled = () => new Promise((done) => setImmediate(done));

test('a message may come in pieces, also within a character, and several at once', async () => {
  const { stream, heard } = reader();
  const bytes = Buffer.from(toLine({ text: 'äß\n' }) + toLine({ n: 2 }));
  for (const at of [0, 10, 11, 12]) stream.write(bytes.subarray(at, at === 12 ? undefined : at === 0 ? 10 : at + 1));
  await settled();
  expect(heard.map((line) => JSON.parse(line))).toEqual([{ text: 'äß\n' }, { n: 2 }]);
});

test('the end is told once, and a message that was cut is not told', async () => {
  const { stream, heard } = reader();
  stream.end('whole\ncut');
  await settled();
  stream.destroy();
  await settled();
  expect(heard).toEqual(['whole', 'END']);
});

test('a line without end counts as the end', async () => {
  const { stream, heard } = reader();
  for (let part = 0; part < 18; part += 1) stream.write('x'.repeat(1024 * 1024));
  stream.write('\nmore\n');
  await settled();
  expect(heard).toEqual(['END']);
});
