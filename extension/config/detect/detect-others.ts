import type { Detected, ReadProjectFile } from './detected';

/** Files that say "pytest" in themselves, and what in them says it. */
const PYTEST_SIGNS: readonly [file: string, sign: RegExp][] = [
  ['pytest.ini', /(?:)/],
  ['conftest.py', /(?:)/],
  ['tests/conftest.py', /(?:)/],
  ['pyproject.toml', /\bpytest\b/],
  ['setup.cfg', /^\[tool:pytest\]/m],
  ['tox.ini', /\bpytest\b/],
  ['requirements.txt', /^pytest\b/m],
  ['requirements-dev.txt', /^pytest\b/m],
];

export async function detectPytest(read: ReadProjectFile): Promise<Detected | null> {
  const report = 'reports/junit.xml';
  for (const [file, sign] of PYTEST_SIGNS) {
    const text = await read(file);
    if (text !== null && sign.test(text))
      return {
        kind: 'pytest',
        command: ['pytest', `--junitxml=${report}`],
        // Compiled files beside the sources would be changes that the run made.
        env: { PYTHONDONTWRITEBYTECODE: '1' },
        report: { format: 'junit', path: report },
        why: [`${file} says that the tests run with pytest.`, 'pytest writes a JUnit report by itself.'],
      };
  }
  return null;
}

export async function detectMake(read: ReadProjectFile): Promise<Detected | null> {
  for (const file of ['GNUmakefile', 'makefile', 'Makefile']) {
    const text = await read(file);
    if (text !== null && /^test[ \t]*:(?!=)/m.test(text))
      return {
        kind: 'make',
        command: ['make', 'test'],
        report: null,
        why: [`${file} has a target "test".`, 'What it runs is not known, so no report is asked for.'],
      };
  }
  return null;
}
