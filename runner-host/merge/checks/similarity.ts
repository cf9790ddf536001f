const MOST_CHARACTERS = 400;
const FEWEST_WORDS = 2;

/**
 * Dice's coefficient, 0 to 1, of the words of two lines: signs make any two lines of code look alike. Where one has hardly
 * any words, of the pairs of letters.
 */
export function similarity(one: string, other: string): number {
  const [words, otherWords] = [wordsOf(one), wordsOf(other)];
  if (Math.min(words.length, otherWords.length) >= FEWEST_WORDS) return dice(words, otherWords);
  return dice(pairsOf(words.join(' ')), pairsOf(otherWords.join(' ')));
}

function dice(a: readonly string[], b: readonly string[]): number {
  if (a.length + b.length === 0) return 0;
  const left = new Map<string, number>();
  for (const part of a) left.set(part, (left.get(part) ?? 0) + 1);
  let common = 0;
  for (const part of b) {
    const count = left.get(part) ?? 0;
    if (count === 0) continue;
    left.set(part, count - 1);
    common++;
  }
  return (2 * common) / (a.length + b.length);
}

const wordsOf = (line: string): string[] => line.slice(0, MOST_CHARACTERS).match(/[A-Za-z0-9_\x80-\xff]+/g) ?? [];

const pairsOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
