export interface LineCoverage {
  covered: number;
  total: number;
}

/** Read whole, or nothing: what is cut off or contradicts itself is no smaller coverage, but none. */
export type CoverageReading = { state: 'read'; lines: LineCoverage } | { state: 'unreadable'; reason: string };

/** Ends the reading of a report. */
export class CoverageUnreadable extends Error {}

/** A count in a report: digits and nothing else. Throws `CoverageUnreadable`. */
export function countOf(text: string, what: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw new CoverageUnreadable(`${what} is no number: ${JSON.stringify(text.slice(0, 40))}`);
  return Number(text);
}
