import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InnerScanner, markOf } from '../../../runner-host/staging/inner-marks';

const mark = markOf('c'.repeat(32));
const scan = (text: string, cuts: readonly number[] = []): object => {
  const scanner = new InnerScanner(mark);
  const bytes = Buffer.from(text);
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    scanner.push(bytes.subarray(from, cut));
    from = Math.max(from, cut);
  }
  scanner.push(bytes.subarray(from));
  return scanner.marks;
};

test('both marks are found wherever they stand, in whatever pieces they come', () => {
  const text = `early words\n${mark} start\nout\nput\n${mark} end 137\nKilled\n`;
  const most = Buffer.byteLength(text);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: most }), { maxLength: 40 }), (cuts) => {
      expect(scan(text, cuts)).toEqual({ started: true, endCode: 137 });
    }),
  );
  expect(
    scan(
      text,
      Array.from({ length: most }, (_, at) => at),
    ),
  ).toEqual({ started: true, endCode: 137 });
});

test.each([
  ['nothing', '', { started: false, endCode: null }],
  ['a start without an end', `\n${mark} start\nout`, { started: true, endCode: null }],
  ['an end that is cut', `\n${mark} start\n\n${mark} end 1`, { started: true, endCode: null }],
  ['another run’s mark', `\n${markOf('d'.repeat(32))} start\n`, { started: false, endCode: null }],
  ['a mark within a line', `x${mark} start\n`, { started: false, endCode: null }],
  ['words after a mark', `\n${mark} started\n\n${mark} end 1x\n`, { started: false, endCode: null }],
  ['two ends: the last one counts', `\n${mark} end 0\n\n${mark} end 3\n`, { started: false, endCode: 3 }],
])('%s', (_name, text, expected) => {
  expect(scan(text)).toEqual(expected);
});

test('megabytes without a mark are not kept', () => {
  const scanner = new InnerScanner(mark);
  for (let index = 0; index < 200; index++) scanner.push(Buffer.alloc(64 * 1024, 0x0a));
  scanner.push(Buffer.from(`${mark} start\n`));
  expect(scanner.marks.started).toBe(true);
});
