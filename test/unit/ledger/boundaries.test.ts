import { describe, expect, it } from 'vitest';
import { Boundaries } from '../../../extension/ledger/boundaries';

describe('the boundaries of a segment', () => {
  const boundaries = new Boundaries(0, 'start');
  boundaries.add(10, 'ten');
  boundaries.add(25, 'twenty-five');

  it('give the hash where a line ends, and nothing between two ends', () => {
    expect([0, 9, 10, 11, 25, 26].map((byte) => boundaries.at(byte))).toEqual([
      'start',
      undefined,
      'ten',
      undefined,
      'twenty-five',
      undefined,
    ]);
  });

  it('give the last end at or before a byte', () => {
    expect([0, 9, 10, 24, 25, 1000].map((byte) => boundaries.floor(byte)?.[0])).toEqual([0, 0, 10, 10, 25, 25]);
  });

  it('give nothing before the first one', () => {
    expect(boundaries.floor(-1)).toBeUndefined();
  });
});
