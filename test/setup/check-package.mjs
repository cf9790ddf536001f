import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError } from './step.mjs';

/** What is packaged, committed: a change of the package is a change that somebody reads. */
export const committedList = join(root, 'test', 'fixtures', 'vsix-files.txt');
const MAX_BYTES = 1_200_000;
const MAX_FILES = 39;

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** The names in a zip archive's central directory (APPNOTE.TXT 4.3.12 and 4.3.16), sorted. */
export function listArchive(bytes) {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) throw new Error('Not a zip archive: it has no central directory.');
  const names = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw new Error('Not a zip archive: its central directory is damaged.');
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    names.push(bytes.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names.sort();
}

/**
 * Compares what a vsix holds with the list in `listFile` and with its limits.
 * @throws SetupError naming each difference, unless `accept` writes the list anew
 */
export function checkPackage(vsix, { listFile, accept }) {
  // esbuild names the parts of a split bundle after their content, and a native part is that of the machine.
  const files = listArchive(readFileSync(vsix)).map((name) =>
    name.replace(/-[0-9A-Z]{8}\.js$/, '-HASH.js').replace(/koffi-linux-[\w-]+(?=\.node\.br$)/, 'koffi-MACHINE'),
  );
  const { size } = statSync(vsix);
  console.log(`${vsix}: ${files.length} files, ${(size / 1000).toFixed(0)} KB`);
  if (accept) writeFileSync(listFile, `${files.join('\n')}\n`);

  const listed = readFileSync(listFile, 'utf8').split('\n').filter(Boolean);
  const problems = [
    ...files.filter((file) => !listed.includes(file)).map((file) => `+ ${file} is packaged and not listed`),
    ...listed.filter((file) => !files.includes(file)).map((file) => `- ${file} is listed and not packaged`),
    ...(size <= MAX_BYTES ? [] : [`it has ${size} bytes, the limit is ${MAX_BYTES}`]),
    ...(files.length <= MAX_FILES ? [] : [`it has ${files.length} files, the limit is ${MAX_FILES}`]),
  ];
  if (problems.length > 0) {
    throw new SetupError(
      `The package is not as expected:\n${problems.join('\n')}`,
      'If it is meant: npm run package -- --accept',
    );
  }
}
