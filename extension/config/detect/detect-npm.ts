import * as z from 'zod/mini';
import type { Detected, ReadProjectFile } from './detected';
import { reporterOptions } from './reporter-options';

const PackageJson = z.looseObject({
  scripts: z.optional(z.looseObject({ test: z.optional(z.string()) })),
  dependencies: z.optional(z.record(z.string(), z.unknown())),
  devDependencies: z.optional(z.record(z.string(), z.unknown())),
});

/** `npm test`, with options that leave a report where the script's runner has them built in or installed. */
export async function detectNpm(read: ReadProjectFile): Promise<Detected | string | null> {
  const text = await read('package.json');
  if (text === null) return null;
  const parsed = PackageJson.safeParse(parse(text));
  if (!parsed.success) return 'package.json is there but cannot be read, so its test script is not known.';
  const script = parsed.data.scripts?.test?.trim() ?? '';
  if (script === '') return 'package.json has no test script.';
  // What `npm init` writes: it fails by design and tests nothing.
  if (script.includes('no test specified')) return "package.json's test script is only npm's placeholder.";
  const packages = new Set([
    ...Object.keys(parsed.data.dependencies ?? {}),
    ...Object.keys(parsed.data.devDependencies ?? {}),
  ]);
  const options = reporterOptions(script, packages);
  return {
    kind: 'npm',
    command: ['npm', 'test', ...(options.words.length > 0 ? ['--', ...options.words] : [])],
    ...(options.env === undefined ? {} : { env: options.env }),
    report: options.report,
    why: [`package.json has the test script "${script}".`, options.why],
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}
