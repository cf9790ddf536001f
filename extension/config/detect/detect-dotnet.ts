import type { Detected, ListProjectFolder, ReadProjectFile } from './detected';

const SOLUTION = /\.(sln|slnx|csproj|fsproj|vbproj)$/i;
const PROJECT = /\.(csproj|fsproj|vbproj)$/i;
/** Where a project may name its packages for all its parts. */
const SHARED = ['Directory.Packages.props', 'Directory.Build.props', 'Directory.Build.targets'];
const LOGGER = /\bJunitXml\.TestLogger\b/i;
const SKIPPED = new Set(['node_modules/', 'bin/', 'obj/']);
const MOST_FOLDERS = 200;

/** `dotnet test`, with a report where the project has the logger that writes it. */
export async function detectDotnet(read: ReadProjectFile, list: ListProjectFolder): Promise<Detected | null> {
  const found = (await list('')).find((name) => SOLUTION.test(name));
  if (found === undefined) return null;
  if (!(await namesLogger(read, list)))
    return {
      kind: 'dotnet',
      command: ['dotnet', 'test'],
      report: null,
      why: [
        `${found} is there.`,
        'dotnet test writes no JUnit report by itself. For one: add the package JunitXml.TestLogger to the test projects.',
      ],
    };
  return {
    kind: 'dotnet',
    command: [
      'dotnet',
      'test',
      '--logger',
      'junit;LogFileName={assembly}.{framework}.xml',
      '--results-directory',
      'reports',
    ],
    report: { format: 'junit', path: 'reports/**/*.xml' },
    why: [
      `${found} is there.`,
      'JunitXml.TestLogger is a package of the project: it writes the report of each assembly.',
    ],
  };
}

/** Looks at the project's shared files and at the projects down to two folders below the top. */
async function namesLogger(read: ReadProjectFile, list: ListProjectFolder): Promise<boolean> {
  const names = async (path: string): Promise<boolean> => LOGGER.test((await read(path)) ?? '');
  for (const path of SHARED) if (await names(path)) return true;
  const folders = [''];
  for (let at = 0; at < Math.min(folders.length, MOST_FOLDERS); at++) {
    const folder = folders[at] ?? '';
    for (const name of await list(folder)) {
      if (PROJECT.test(name) && (await names(folder + name))) return true;
      if (/^[^.].*\/$/.test(name) && !SKIPPED.has(name) && folder.split('/').length <= 2) folders.push(folder + name);
    }
  }
  return false;
}
