import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHostRig, until, type HostRig } from './host-rig';

interface Piece {
  offset: number;
  next: number;
  stream: 'stdout' | 'stderr';
  text: string;
}

const CAP = 64 * 1024;
let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig(['--output-cap', String(CAP)]);
});
afterAll(() => rig.close());

async function replay(run: string, from: number): Promise<Piece[]> {
  const pieces: Piece[] = [];
  await rig.client().follow(run, from, { output: (piece) => pieces.push(piece), step: () => undefined });
  return pieces;
}

const joined = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

describe('a run’s output', () => {
  test('is replayed from any byte offset, as it was live', async () => {
    const spec = rig.spec('for i in 1 2 3 4 5; do echo line $i; done');
    const { output } = await rig.run(spec);
    expect(output).toBe('line 1\nline 2\nline 3\nline 4\nline 5\n');
    expect(joined(await replay(spec.run, 0))).toBe(output);
    const part = await replay(spec.run, 14);
    expect(joined(part)).toBe('line 3\nline 4\nline 5\n');
    expect(part[0]?.offset).toBe(14);
    expect(part.at(-1)?.next).toBe(35);
    expect(await replay(spec.run, 35)).toEqual([]);
    expect(await replay(spec.run, 1_000_000)).toEqual([]);
    expect(readFileSync(rig.runFile(spec.run, 'output.log'), 'utf8')).toBe(output);
  });

  test('comes live, before the run is over, to every client that attached', async () => {
    const spec = rig.spec('echo early; while ! test -f ignored/go; do sleep 0.02; done; echo late');
    await rig.host.request('run/start', { spec });
    const seen: string[][] = [[], []];
    const followers = seen.map((texts) =>
      rig.client().follow(spec.run, 0, { output: ({ text }) => texts.push(text), step: () => undefined }),
    );
    await until(() => seen.every((texts) => texts.join('') === 'early\n'), 'the first line');
    rig.write('ignored/go', '');
    await Promise.all(followers);
    expect(seen.map((texts) => texts.join(''))).toEqual(['early\nlate\n', 'early\nlate\n']);
  });

  test('tells stdout from stderr, live and later', async () => {
    const spec = rig.spec('echo a; sleep 0.05; echo b >&2; sleep 0.05; echo c');
    await rig.run(spec);
    expect((await replay(spec.run, 0)).map(({ stream, text }) => [stream, text])).toEqual([
      ['stdout', 'a\n'],
      ['stderr', 'b\n'],
      ['stdout', 'c\n'],
    ]);
  });

  test('keeps characters whole, however they are written and wherever a piece ends', async () => {
    const script = String.raw`printf '\342\202'; sleep 0.1; printf 'x' >&2; sleep 0.1; printf '\254 '; i=0; while [ $i -lt 9000 ]; do printf '\342\202\254'; i=$((i+1)); done`;
    const { output } = await rig.run(rig.spec(script));
    expect(output.replace('x', '')).toBe(`€ ${'€'.repeat(9000)}`);
  });

  test('beyond the cap keeps head and tail, and marks the cut', async () => {
    const spec = rig.spec(`echo head; yes 0123456789 | head -c 1000000; echo; echo tail`);
    const { result, output } = await rig.run(spec);
    const { outputBytes, outputDropped } = result.supervision;
    expect(outputBytes).toBe(1_000_011);
    expect(outputDropped).toBe(outputBytes - CAP);
    const marker = `\n[${outputDropped} bytes of output are not kept]\n`;
    const kept = readFileSync(rig.runFile(spec.run, 'output.log'), 'utf8');
    expect(kept).toMatch(/^head\n/);
    expect(kept).toMatch(/\ntail\n$/);
    expect(kept).toContain(marker);
    expect(kept).toHaveLength(CAP + marker.length);
    const pieces = await replay(spec.run, 0);
    expect(joined(pieces)).toBe(kept);
    expect(pieces.at(-1)?.next).toBe(outputBytes);
    expect(output).toMatch(/\ntail\n$/);
  });

  test('that ends within a character is counted and kept to its last byte', async () => {
    const spec = rig.spec(String.raw`printf 'ab\342\202'`);
    const { result } = await rig.run(spec);
    expect(result.supervision.outputBytes).toBe(4);
    expect(readFileSync(rig.runFile(spec.run, 'output.log')).toString('latin1')).toBe('ab\u00e2\u0082');
  });

  test('without an end of line or an end, and not as text, is taken as well', async () => {
    const { result } = await rig.run(rig.spec('head -c 3000000 /dev/urandom', {}));
    expect(result).toMatchObject({ status: 'suite-ran', supervision: { exitCode: 0, outputBytes: 3_000_000 } });
  });
});
