import type { Detected, ReadProjectFile } from './detected';

const GRADLE_FILES = ['settings.gradle.kts', 'settings.gradle', 'build.gradle.kts', 'build.gradle'];

/**
 * Gradle's own reports. `cleanTest` and no build cache: a result that was taken from a cache is no run. No daemon: it would
 * outlive the run.
 */
export async function detectGradle(read: ReadProjectFile): Promise<Detected | null> {
  for (const file of GRADLE_FILES) {
    if ((await read(file)) === null) continue;
    const program = (await read('gradlew')) === null ? 'gradle' : './gradlew';
    return {
      kind: 'gradle',
      command: [program, 'cleanTest', 'test', '--continue', '--no-build-cache', '--no-daemon'],
      report: { format: 'junit', path: '**/build/test-results/test/*.xml' },
      why: [
        `${file} is there.`,
        'Gradle writes a JUnit report for each class. The tests really run: none of their results comes from a cache.',
      ],
    };
  }
  return null;
}

/** Surefire's reports; all modules are tested, also after a failure. */
export async function detectMaven(read: ReadProjectFile): Promise<Detected | null> {
  if ((await read('pom.xml')) === null) return null;
  const program = (await read('mvnw')) === null ? 'mvn' : './mvnw';
  return {
    kind: 'maven',
    command: [program, '--batch-mode', '--fail-at-end', 'test'],
    report: { format: 'junit', path: '**/target/surefire-reports/TEST-*.xml' },
    why: ['pom.xml is there.', 'Surefire writes a JUnit report for each class.'],
  };
}
