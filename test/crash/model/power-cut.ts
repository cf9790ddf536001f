import { forgetUnreadable, NEWLINE, NOISE, readLines, type Journal } from './journal';

/**
 * What may be on disk after the power was cut. The file may end anywhere behind the last flushed byte, and of the bytes that
 * were not flushed any subset may be noise. Of those that every later reader takes for the same, one is returned.
 */
export function imagesAfterPowerCut(journal: Journal): readonly Journal[] {
  const { images } = journal.contents;
  const name = `${journal.bytes} ${journal.safety}`;
  let found = images.get(name);
  if (!found) images.set(name, (found = imagine(journal)));
  return found;
}

function imagine({ bytes, safety, contents }: Journal): Journal[] {
  const shortest = safety.lastIndexOf('d') + 1;
  const images = new Map<string, string>();
  let partial = [''];
  for (let length = 0; ; length++) {
    if (length >= shortest) for (const image of partial) images.set(meaning(image), image);
    const byte = bytes[length];
    if (byte === undefined) break;
    const choices = safety[length] === 'd' ? [byte] : [byte, NOISE];
    const longer = partial.flatMap((image) => choices.map((choice) => image + choice));
    partial = [...new Map(longer.map((image) => [meaning(image), image])).values()];
  }
  return [...images.values()].map((image) =>
    forgetUnreadable({ bytes: image, safety: 'd'.repeat(image.length), contents }),
  );

  /** All that decides how an image is read, as it is and with whatever may follow. */
  function meaning(image: string): string {
    const { lines, end } = readLines(image);
    const open = image.slice(end);
    const contradicted = contents.groups.map((group) => (group && !agree(group.attests, image) ? 'x' : '-'));
    return [lines, open.includes(NOISE) ? NOISE : open, contradicted.join('')].join(NEWLINE);
  }
}

function agree(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}
