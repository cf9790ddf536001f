/** Prices are whole cents: sums of fractions would not come out even. */
export function orderTotal(lines) {
  return lines.reduce((total, { price, quantity }) => total + price * quantity, 0);
}

/** `1999` is shown as `19.99`. */
export function formatPrice(cents) {
  const sign = cents < 0 ? '-' : '';
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
