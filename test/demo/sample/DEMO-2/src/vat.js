/** The price with VAT in whole cents; `rate` in percent. Half a cent is rounded up, as on the invoice. */
export function grossPrice(net, rate) {
  if (rate < 0) throw new RangeError(`A VAT rate of ${rate} % does not exist.`);
  return Math.round((net * (100 + rate)) / 100);
}

/** The VAT that a gross price contains, in whole cents. */
export function containedVat(gross, rate) {
  return gross - Math.round((gross * 100) / (100 + rate));
}
