import { editDistance } from '../config/nearest';

/** The comparison takes quadratic time: a word longer than this is no slip of the finger. */
const LONGEST = 100;

/** The known name that was probably meant, or undefined if none is near: half of the letters must be right. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const asked = word.slice(0, LONGEST).toLowerCase();
  let best: string | undefined;
  let least = Infinity;
  for (const name of known) {
    const distance = editDistance(asked, name.toLowerCase());
    const near = distance <= Math.max(1, Math.floor(Math.max(asked.length, name.length) / 2));
    if (near && distance < least) [best, least] = [name, distance];
  }
  return best;
}
