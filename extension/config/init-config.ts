import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { detectProject, type ProjectFacts } from './detect-project';
import { CONFIG_FILE } from './load-config';

export type InitOutcome =
  | {
      ok: true;
      file: string;
      text: string;
      kind: string | null;
      /** What was found and chosen, and what is left to do. */ why: string[];
    }
  | { ok: false; code: 'exists' | 'not-writable'; file: string; detail: string; remedy: string };

/** Writes a first interlock.json into the top folder. An existing one is never touched, not even by two calls at once. */
export async function initConfig(root: string, facts?: ProjectFacts): Promise<InitOutcome> {
  const { kind, text, why } = await detectProject(root, facts);
  const file = join(root, CONFIG_FILE);
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (errno === 'EEXIST')
      return {
        ok: false,
        code: 'exists',
        file,
        detail: `${file} exists and was left as it is`,
        remedy: 'Edit it, or move it away first',
      };
    return {
      ok: false,
      code: 'not-writable',
      file,
      detail: `${file} could not be written (${errno})`,
      remedy: 'Check that the folder may be written',
    };
  }
  return {
    ok: true,
    file,
    text,
    kind,
    why: [...why, `Commit ${CONFIG_FILE} to ${facts?.base ?? 'the base branch'}: only there it counts.`],
  };
}
