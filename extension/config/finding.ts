import type { JsonPath } from './json-source';

/** One problem before its place is known: at the value of `path`, or at the name `key` in the object there. */
export interface Finding {
  path: JsonPath;
  /** The name in question, where the object at `path` is wrong about one. */
  key?: string;
  /** Where it stands in the text, if neither value nor name say it. */
  offset?: number;
  message: string;
  remedy: string;
}
