import { matcher } from '../checks/glob';

/** What package managers, compilers and test runners make again: losing it costs time, never work. */
const FOLDERS = [
  ...[
    'node_modules',
    'bower_components',
    '.venv',
    'venv',
    '__pycache__',
    '.pytest_cache',
    '.mypy_cache',
    '.ruff_cache',
  ],
  ...['.tox', '.nox', '.eggs', 'dist', 'build', 'out', 'target', 'obj', 'coverage', '.nyc_output', '.next', '.nuxt'],
  ...['.svelte-kit', '.turbo', '.parcel-cache', '.cache', '.gradle', '.angular', 'test-results', 'playwright-report'],
  ...['.vscode-test'],
];
const FILES = [
  ...['*.pyc', '*.pyo', '*.o', '*.class', '*.tsbuildinfo', '*.log', '.DS_Store', 'Thumbs.db', '.eslintcache'],
  ...['.stylelintcache', '.coverage', 'lcov.info', '*.profraw'],
  // Lent packages: a link.
  ...['node_modules', '.venv'],
];
const known = new Set(FOLDERS);
const knownFile = matcher(FILES);

/** Whether a path (bytes, one character each; a folder ends with `/`) is of that kind, or of the project's own globs. */
export function generatedBy(globs: readonly string[]): (path: string) => boolean {
  const own = matcher(globs);
  const ownFolder = matcher(globs.filter((glob) => glob.endsWith('/**')).map((glob) => glob.slice(0, -3)));
  return (path) => {
    const plain = path.replace(/\/$/, '');
    const isFolder = plain !== path;
    const folders = isFolder ? plain.split('/') : plain.split('/').slice(0, -1);
    return folders.some((name) => known.has(name)) || knownFile(plain) || own(plain) || (isFolder && ownFolder(plain));
  };
}
