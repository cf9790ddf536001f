/** Percent off by the number of pieces: 5 from 10 pieces on, 10 from 50 on. */
export function volumeDiscount(quantity) {
  if (quantity > 50) return 10;
  if (quantity > 10) return 5;
  return 0;
}

/** The total in cents after the discount, rounded to whole cents. */
export function discountedTotal(price, quantity) {
  return Math.round((price * quantity * (100 - volumeDiscount(quantity))) / 100);
}
