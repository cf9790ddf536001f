import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { containedVat, grossPrice } from '../src/vat.js';

describe('grossPrice', () => {
  it('adds the rate', () => {
    assert.equal(grossPrice(1000, 20), 1200);
  });

  it('rounds half a cent up', () => {
    assert.equal(grossPrice(50, 19), 60);
  });

  it('refuses a negative rate', () => {
    assert.throws(() => grossPrice(1000, -1), RangeError);
  });
});

describe('containedVat', () => {
  it('is what grossPrice added', () => {
    assert.equal(containedVat(grossPrice(1000, 20), 20), 200);
  });
});
