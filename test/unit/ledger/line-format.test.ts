import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LedgerError } from '../../../extension/ledger/errors';
import {
  decodeLine,
  encodeLine,
  FIRST_HASH,
  parseGroup,
  rollHash,
  splitLines,
  type Group,
} from '../../../extension/ledger/line-format';

const group: Group = {
  v: 1,
  a: [0, FIRST_HASH],
  tx: [
    {
      x: 'id',
      at: 1,
      by: 'person:ann',
      e: 'add',
      pre: [['items', 'A-1', null]],
      put: [['switches', { name: 'grüße\n', at: 2, reason: null }]],
      del: [['leases', 'A-1']],
    },
  ],
};
const line = encodeLine(group);
const inner = line.subarray(1, -1);

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('a line', () => {
  it('is a newline, 32 hex digits of the SHA-256 of its JSON, a space, the JSON, a newline', () => {
    const json = JSON.stringify(group);
    const hash = createHash('sha256').update(json).digest('hex').slice(0, 32);
    expect(line.toString()).toBe(`\n${hash} ${json}\n`);
  });

  it('gives back what was written', () => {
    const decoded = decodeLine(inner);
    if (decoded === null || decoded === 'garbage') throw new Error('not decoded');
    expect(parseGroup(decoded.json, 'here')).toEqual(group);
  });

  it('is garbage with any one bit flipped', () => {
    const survivors: number[] = [];
    for (let bit = 0; bit < inner.length * 8; bit++) {
      const copy = Buffer.from(inner);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (decodeLine(copy) !== 'garbage') survivors.push(bit);
    }
    expect(survivors).toEqual([]);
  });

  it('is garbage when cut anywhere', () => {
    const cuts = Array.from({ length: inner.length - 1 }, (_, length) => decodeLine(inner.subarray(0, length + 1)));
    expect(new Set(cuts)).toEqual(new Set(['garbage']));
  });

  it('is complete only with its newline', () => {
    expect(splitLines(Buffer.from('a\n\nbc\ntail')).map(String)).toEqual(['a\n', '\n', 'bc\n']);
  });
});

describe('what a whole line holds', () => {
  const text = (change: object) => JSON.stringify({ ...group, ...change });

  it('is of a newer format if its version is another one', () => {
    expect(codeOf(() => parseGroup(text({ v: 2, whatever: true }), 'here'))).toBe('newer-format');
  });

  it('is of a newer format if it has a key that this version does not know', () => {
    expect(codeOf(() => parseGroup(text({ more: 1 }), 'here'))).toBe('newer-format');
    expect(codeOf(() => parseGroup(text({ tx: [{ ...group.tx[0], more: 1 }] }), 'here'))).toBe('newer-format');
  });

  it('is of a newer format if a cell is neither text nor an integer nor null', () => {
    expect(codeOf(() => parseGroup(text({ tx: [{ ...group.tx[0], put: [['items', { rev: 1.5 }]] }] }), 'here'))).toBe(
      'newer-format',
    );
  });

  it.each<[string, object]>([
    ['a', { a: [0] }],
    ['a', { a: [0.5, FIRST_HASH] }],
    ['a', { a: [0, 1] }],
    ['open', { open: '1' }],
    ['seal', { seal: 1.5 }],
    ['tx', { tx: {} }],
    ['tx.0.value', { tx: [null] }],
    ...Object.entries({
      x: [1, null],
      at: ['1', 1.5],
      by: [null],
      e: [1],
      pre: [{}, ['items'], [['items', 'A-1']], [['items', 1, null]], [[1, 'A-1', null]], [['items', 'A-1', []]]],
      put: [{}, [['items']], [['items', null]], [[1, {}]], [['items', { id: true }]], [['items', { id: {} }, 1]]],
      del: [{}, [['items']], [['items', 1]], [[1, 'A-1']], [['items', 'A-1', 1]]],
    }).flatMap(([key, values]) =>
      [undefined, ...values].map((value): [string, object] => [
        `tx.1.${key}`,
        { tx: [group.tx[0], { ...group.tx[0], [key]: value }] },
      ]),
    ),
  ])('is of a newer format if %s is not what this version writes: %j', (place, change) => {
    const parse = () => parseGroup(text(change), 'here');
    expect(codeOf(parse)).toBe('newer-format');
    expect(parse).toThrow(`unknown content at ${place}.`);
  });

  it('may open or seal a segment', () => {
    const whole = { ...group, open: 1, seal: 2 };
    expect(parseGroup(JSON.stringify(whole), 'here')).toEqual(whole);
  });

  it('is damage if no version of this program writes it', () => {
    expect(codeOf(() => parseGroup('{"v":1', 'here'))).toBe('damaged');
    expect(codeOf(() => parseGroup('[]', 'here'))).toBe('damaged');
  });
});

describe('the rolling hash', () => {
  const roll = (...lines: string[]) => lines.reduce((hash, text) => rollHash(hash, Buffer.from(text)), FIRST_HASH);

  it('is sha256(R + line) over the bytes with their newline', () => {
    const expected = createHash('sha256').update(FIRST_HASH).update('abc\n').digest('hex').slice(0, 32);
    expect(roll('abc\n')).toBe(expected);
  });

  it('counts blank lines, garbage and the order', () => {
    const all = [
      roll('a\n', 'b\n'),
      roll('b\n', 'a\n'),
      roll('a\n', '\n', 'b\n'),
      roll('a\n', 'torn', 'b\n'),
      roll('a\n'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
