/** Lines of a coverage report. */
export interface Lines {
  covered: number;
  total: number;
}

/** What the ratchet is after a landing: it moves up alone. Undefined: it stays. Pure. */
export function ratchetAfter(now: Lines | undefined, landed: Lines | null): Lines | undefined {
  if (landed === null || landed.total <= 0 || landed.covered < 0 || landed.covered > landed.total) return undefined;
  if (now === undefined || now.total <= 0) return landed;
  // Whole numbers: a fraction could take two equal shares for different ones.
  return BigInt(landed.covered) * BigInt(now.total) > BigInt(now.covered) * BigInt(landed.total) ? landed : undefined;
}
