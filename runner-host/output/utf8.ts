/** How many bytes at the end of `bytes` begin a UTF-8 character that is not complete yet (0 to 3). Invalid bytes count as complete. */
export function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return back < sequenceLength(byte) ? back : 0;
  }
  return 0;
}

/**
 * How many bytes at the start (0 to 3) continue a character that began before.
 * @param before the bytes before, 3 if there are so many; null if they are not known: then every continuing byte counts
 */
export function orphanedHead(bytes: Uint8Array, before: Uint8Array | null): number {
  const begun = before === null ? 0 : incompleteTail(before);
  if (before !== null && begun === 0) return 0;
  const lacks = before === null ? 3 : sequenceLength(before[before.length - begun] ?? 0) - begun;
  let count = 0;
  while (count < lacks && ((bytes[count] ?? 0) & 0xc0) === 0x80) count += 1;
  return count;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  if (lead >= 0xe0) return lead < 0xf0 ? 3 : 1;
  return lead >= 0xc2 && lead < 0xe0 ? 2 : 1;
}
