import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameParser } from '../../../runner-host/ssh/frame-parser';
import type { Frame } from '../../../runner-host/ssh/frames';
import { requestLines } from '../../../runner-host/ssh/remote-request';

const NONCE = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';
const line = (text: string, nonce = NONCE): string => `\n@@${nonce} ${text}\n`;

/** Reads the bytes in pieces of the given lengths; neighbouring data is put together. */
function parse(bytes: Buffer, cuts: readonly number[] = []): { frames: Frame[]; parser: FrameParser } {
  const frames: Frame[] = [];
  const parser = new FrameParser(NONCE, (frame) => {
    const before = frames.at(-1);
    const joins =
      frame.type === 'data' && before?.type === 'data' && before.offset + before.bytes.length === frame.offset;
    if (joins) frames[frames.length - 1] = { ...before, bytes: Buffer.concat([before.bytes, frame.bytes]) };
    else frames.push(frame.type === 'data' ? { ...frame, bytes: Buffer.from(frame.bytes) } : frame);
  });
  let at = 0;
  for (const cut of cuts) {
    parser.push(bytes.subarray(at, at + cut));
    at += cut;
  }
  if (at < bytes.length) parser.push(bytes.subarray(at));
  return { frames, parser };
}
const parseText = (text: string): ReturnType<typeof parse> => parse(Buffer.from(text, 'latin1'));

const EXIT: Frame = {
  type: 'exit',
  exit: {
    code: 3,
    reason: 'exit',
    oomKills: null,
    survivors: 0,
    leaked: 2,
    freeBefore: 10,
    freeAfter: 9,
    logBytes: 42,
  },
};
const SAMPLES: [string, Frame][] = [
  ['hello 1 3f1c-a_b', { type: 'hello', version: 1, bootId: '3f1c-a_b' }],
  ['env permanent command-not-found', { type: 'env', state: 'permanent', reason: 'command-not-found' }],
  ['started 77', { type: 'started', pid: 77 }],
  ['exists', { type: 'exists' }],
  ['tick 12', { type: 'tick', offset: 12 }],
  ['exit 3 exit - 0 2 10 9 42', EXIT],
  ['lost rebooted', { type: 'lost', reason: 'rebooted' }],
  ['killed -', { type: 'killed', survivors: null }],
];

test.each([...SAMPLES, ['attached 5', { type: 'attached', offset: 5 } as Frame] as const])('%s', (text, frame) => {
  expect(parseText(line(text)).frames).toEqual([frame]);
});

describe('what is no frame', () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        line('exit 0 exit 0 0 0 1 1 0', OTHER),
        line('exit 0 exit 0 0 0 1 1 0', NONCE.toUpperCase()),
        `\n@@${NONCE.slice(0, 20)}`,
        `@@${NONCE} exit 0 exit 0 0 0 1 1 0\n`,
        `\n @@${NONCE} exists\n`,
        `\n@@${NONCE}\texists\n`,
        '\n@@',
        '\n',
        `${NONCE}\n`,
      )
      .map((text) => Buffer.from(text)),
  );

  test('noise between frames, data that looks like frames, any pieces: exactly the frames are found', () => {
    const segment = fc.oneof(
      fc.record({ kind: fc.constant('noise' as const), bytes: hostile }),
      fc.record({ kind: fc.constant('frame' as const), sample: fc.constantFrom(...SAMPLES) }),
      fc.record({
        kind: fc.constant('data' as const),
        bytes: fc.oneof(
          hostile.filter((bytes) => bytes.length > 0),
          fc.constantFrom(...SAMPLES).map(([text]) => Buffer.from(line(text))),
        ),
      }),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 50 })), (segments, cuts) => {
        const bytes: Buffer[] = [Buffer.from(line('attached 0'))];
        const expected: Frame[] = [{ type: 'attached', offset: 0 }];
        let offset = 0;
        let noise = 0;
        for (const part of segments) {
          if (part.kind === 'noise') {
            // A line feed of ours may follow what looks like a mark: then it is one.
            const closed = Buffer.concat([part.bytes, Buffer.from('.')]);
            bytes.push(closed);
            noise += closed.length;
          } else if (part.kind === 'frame') {
            bytes.push(Buffer.from(line(part.sample[0])));
            expected.push(part.sample[1]);
          } else {
            bytes.push(Buffer.from(line(`data ${offset} ${part.bytes.length}`)), part.bytes);
            const before = expected.at(-1);
            if (before?.type === 'data') before.bytes = Buffer.concat([before.bytes, part.bytes]);
            else expected.push({ type: 'data', offset, bytes: part.bytes });
            offset += part.bytes.length;
          }
        }
        bytes.push(Buffer.from(line('exists')));
        expected.push({ type: 'exists' });
        const { frames, parser } = parse(Buffer.concat(bytes), cuts);
        expect(frames).toEqual(expected);
        expect([parser.broken, parser.noiseBytes, parser.cut]).toEqual([undefined, noise, false]);
      }),
      { numRuns: 400 },
    );
  });

  test('any bytes at all without our mark give no frame, and little is kept of them', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 20 }), (parts) => {
        const bytes = Buffer.concat(parts.flatMap((part) => [part, Buffer.from('.')]));
        const { frames, parser } = parse(bytes);
        expect(frames).toEqual([]);
        expect(bytes.length - parser.noiseBytes).toBeLessThan(NONCE.length + 4);
      }),
    );
  });

  test('an echo of all that we sent is none', () => {
    const limits = { timeoutTicks: 1, leaseTicks: 1, graceTicks: 1, needFreeKib: 1, mostLogKib: 1, tickSeconds: 1 };
    const run = { runId: 'r', base: '/b', offset: 0, workdir: '/w', command: line('exists'), program: '', token: 't' };
    const sent = requestLines({ nonce: NONCE, mode: 'start', owner: '', sweep: '', ...run, ...limits }) + '1\n2\n';
    const { frames, parser } = parseText(`\n${sent}`);
    expect([frames, parser.broken]).toEqual([[], undefined]);
  });
});

test.each(SAMPLES.filter(([text]) => text.includes(' ')))('cut anywhere, %s is no frame', (text, frame) => {
  const whole = line(text);
  for (let length = 0; length < whole.length; length++) expect(parseText(whole.slice(0, length)).frames).toEqual([]);
  expect(parseText(whole).frames).toEqual([frame]);
});

test('data that is cut gives the bytes that came, and says that it was cut', () => {
  const { frames, parser } = parseText(`${line('attached 3')}${line('data 3 10')}abc`);
  expect(frames.at(-1)).toEqual({ type: 'data', offset: 3, bytes: Buffer.from('abc') });
  expect(parser.cut).toBe(true);
});

test.each([
  'exit 0',
  'exit 0 exit 0 0 0 1 1',
  'exit 256 exit 0 0 0 1 1 0',
  'exit 0 exit 0 0 0 1 1 0 ',
  'exit -1 exit 0 0 0 1 1 0',
  'exit 00 exit 0 0 0 1 1 0',
  'exit 0 success 0 0 0 1 1 0',
  'exit  0 exit 0 0 0 1 1 0',
  'exit 0 exit 0 0 0 1 1 0\r',
  'exit 0 exit 0 0 0 1 1 -',
  'lost',
  'lost elsewhere',
  'killed',
  'killed x',
  'env fine really',
  'hello 1',
  'hello 1 a b',
  'started 1e3',
  'exists 1',
  'toString',
  '__proto__',
  'constructor',
  '',
  'data 0 0',
  'data 0 1048577',
  'data 1 5',
  'x'.repeat(300),
])('marked with our nonce and no frame: %j breaks the stream, and nothing after it counts', (text) => {
  const { frames, parser } = parseText(`${line('attached 0')}${line(text)}${line('exit 0 exit 0 0 0 1 1 0')}`);
  expect(frames).toEqual([{ type: 'attached', offset: 0 }]);
  expect(parser.broken).toBeDefined();
});

test('data before a place in the log was named, or with a gap, breaks the stream', () => {
  expect(parseText(`${line('data 0 1')}a`).parser.broken).toBeDefined();
  const gap = parseText(`${line('attached 0')}${line('data 0 1')}a${line('data 2 1')}c${line('exists')}`);
  expect(gap.frames.map(({ type }) => type)).toEqual(['attached', 'data']);
  expect(gap.parser.broken).toBeDefined();
});

test('a nonce that could be guessed is refused', () => {
  expect(() => new FrameParser('abc', () => undefined)).toThrow('32 hex');
});
