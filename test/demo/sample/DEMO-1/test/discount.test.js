import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { discountedTotal, volumeDiscount } from '../src/discount.js';

describe('volumeDiscount', () => {
  it('gives nothing for small orders', () => {
    assert.equal(volumeDiscount(9), 0);
  });

  it('gives 5 percent from ten pieces on', () => {
    assert.equal(volumeDiscount(10), 5);
  });

  it('gives 10 percent from fifty pieces on', () => {
    assert.equal(volumeDiscount(60), 10);
  });
});

describe('discountedTotal', () => {
  it('takes the discount off the whole order', () => {
    assert.equal(discountedTotal(1000, 20), 19000);
  });

  it('rounds to whole cents', () => {
    assert.equal(discountedTotal(333, 11), 3480);
  });
});
