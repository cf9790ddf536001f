import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatPrice, orderTotal } from '../src/price.js';

describe('orderTotal', () => {
  it('adds up price times quantity', () => {
    const lines = [
      { price: 1999, quantity: 2 },
      { price: 5, quantity: 3 },
    ];
    assert.equal(orderTotal(lines), 4013);
  });

  it('is zero for an empty order', () => {
    assert.equal(orderTotal([]), 0);
  });
});

describe('formatPrice', () => {
  it('shows two decimals', () => {
    assert.equal(formatPrice(1999), '19.99');
  });

  it('keeps the zero before small amounts', () => {
    assert.equal(formatPrice(5), '0.05');
  });

  it('puts the sign of a refund first', () => {
    assert.equal(formatPrice(-250), '-2.50');
  });
});
