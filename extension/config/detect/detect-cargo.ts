import type { Detected, ReadProjectFile } from './detected';

const ADVICE =
  'cargo test writes no report. For one: install cargo-nextest, and write [profile.ci.junit] with path = "junit.xml" into ' +
  '.config/nextest.toml.';

/** `cargo nextest` where the project has set up its JUnit report, else `cargo test`, which writes none. */
export async function detectCargo(read: ReadProjectFile): Promise<Detected | null> {
  if ((await read('Cargo.toml')) === null) return null;
  const junit = junitProfile((await read('.config/nextest.toml')) ?? '');
  if (junit === null)
    return { kind: 'cargo', command: ['cargo', 'test'], report: null, why: ['Cargo.toml is there.', ADVICE] };
  return {
    kind: 'cargo',
    command: ['cargo', 'nextest', 'run', '--profile', junit.profile, '--no-fail-fast'],
    report: { format: 'junit', path: `target/nextest/${junit.profile}/${junit.path}` },
    why: [
      `.config/nextest.toml has a JUnit report for the profile "${junit.profile}".`,
      'cargo nextest writes it; it runs no documentation tests.',
    ],
  };
}

/** The profile `ci` if it has a report, else the first one that has. */
function junitProfile(toml: string): { profile: string; path: string } | null {
  const found = [...toml.matchAll(/^\[profile\.([\w-]+)\.junit\]\s*$([^[]*)/gm)].flatMap(([, profile, body = '']) => {
    const path = /^\s*path\s*=\s*["']([\w./-]+)["']/m.exec(body)?.[1];
    return profile === undefined || path === undefined || path.split('/').includes('..') ? [] : [{ profile, path }];
  });
  return found.find(({ profile }) => profile === 'ci') ?? found[0] ?? null;
}
