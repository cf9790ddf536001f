import type { OutputMap } from '../protocol/output-map';
import { Segments } from './segments';

export { filePosition, OutputMap, type Cut } from '../protocol/output-map';

/** The map of a log that nothing was cut from and whose streams are not known. */
export function plainMap(total: number): OutputMap {
  return { total, headBytes: total, dropped: 0, markerBytes: 0, segments: new Segments().toJSON() };
}

/** The text that stands for what was cut out. */
export function cutMarker(dropped: number): string {
  return `\n[${dropped} bytes of output are not kept]\n`;
}
