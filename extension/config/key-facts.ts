import { STAGE_NAMES } from './project-config';

export interface KeyFact {
  /** What the value must be, after "must be". */
  expects: string;
  /** How it is written in the file. */
  example: string;
}

const SMOKE =
  '"smoke": [{ "url": "http://127.0.0.1:8080/health", "status": 200, "json": { "/status": "ok" }, "timeout": "2s" }]';
const NETWORK =
  '"network": { "sandbox": ["sandbox.example.com:8443"], "allowSandboxWrites": true, "read": ["packages.example.com"] }';
const FLAKY = '"flaky": [{ "test": "retries once", "suite": "client", "reason": "DEMO-61", "until": "2027-01-31" }]';
const PROVE = '"prove": { "file": "checks/interlock-prove.sh", "text": "exit 1 # interlock prove" }';

const CONTAINER = '"container": { "engine": "docker", "name": "app" }';
const STAGING_REPORT = '"report": { "format": "junit", "path": "staging.xml" }';
const WAIVERS =
  '"waivers": [{ "check": "C9a", "reason": "no GPU on staging", "reference": "DEMO-61", "until": "2027-01-31" }]';

const SECURITY = '"security": { "command": ["npm", "audit", "--audit-level=high"] }';
const COVERAGE = '"coverage": { "report": "coverage/lcov.info", "format": "lcov", "maxDrop": 0.5 }';

/** Every key, by its place; `*` stands for any name or position. Texts are for people. */
export const KEY_FACTS: Readonly<Record<string, KeyFact>> = {
  $schema: {
    expects: 'the address of a JSON schema',
    example: '"$schema": "interlock.schema.json"',
  },
  base: {
    expects: 'the name of a branch',
    example: '"base": "main"',
  },
  remote: {
    expects: 'the name of a remote, or "" for none',
    example: '"remote": "origin"',
  },
  artifacts: {
    expects: 'a folder inside the repository, relative, with "/" and without ".."',
    example: '"artifacts": "docs/work-items"',
  },
  worktrees: {
    expects: 'a folder; the one placeholder is ${repo}',
    example: '"worktrees": "../${repo}.worktrees"',
  },
  stages: {
    expects: 'a list of stages',
    example: '"stages": ["development", "testing", "merge", "done"]',
  },
  'stages.*': {
    expects: `one of ${STAGE_NAMES.join(', ')}`,
    example: '"stages": ["development", "testing", "merge", "done"]',
  },
  budgets: {
    expects: 'an object',
    example: '"budgets": { "developerRetries": 3 }',
  },
  'budgets.developerRetries': {
    expects: 'a whole number from 0 to 100',
    example: '"developerRetries": 3',
  },
  'budgets.infraRetries': {
    expects: 'a whole number from 0 to 100',
    example: '"infraRetries": 3',
  },
  test: {
    expects: 'an object',
    example: '"test": { "command": ["npm", "test"] }',
  },
  'test.command': {
    expects: 'a list of words (run without a shell) or a text (run by the shell) that is not empty',
    example: '"command": ["npm", "test"]',
  },
  'test.command.*': {
    expects: 'a text that is not empty',
    example: '"command": ["npm", "test"]',
  },
  'test.cwd': {
    expects: 'a folder inside the repository, relative, with "/" and without ".."',
    example: '"cwd": "packages/app"',
  },
  'test.timeout': {
    expects: 'a duration such as "15m", above zero and at most 24h, with one of the units ms, s, m, h',
    example: '"timeout": "15m"',
  },
  'test.grace': {
    expects: 'a duration such as "3s", at most 24h, with one of the units ms, s, m, h',
    example: '"grace": "3s"',
  },
  'test.env': {
    expects: 'an object of texts',
    example: '"env": { "TZ": "UTC" }',
  },
  'test.env.*': {
    expects: 'a text, under a name of letters, digits and "_" that begins with no digit',
    example: '"env": { "TZ": "UTC" }',
  },
  'test.passEnv': {
    expects: 'a list of names of variables',
    example: '"passEnv": ["JAVA_HOME"]',
  },
  'test.passEnv.*': {
    expects: 'a name of letters, digits and "_" that begins with no digit',
    example: '"passEnv": ["JAVA_HOME"]',
  },
  'test.report': {
    expects: 'an object with a format',
    example: '"report": { "format": "junit", "path": "reports/**/*.xml" }',
  },
  'test.report.format': {
    expects: '"junit", "tap", "ctrf", "go-json" or "none"',
    example: '"report": { "format": "junit", "path": "reports/**/*.xml" }',
  },
  'test.report.path': {
    expects: 'a path or glob inside the repository, relative, with "/" and without ".."',
    example: '"path": "reports/**/*.xml"',
  },
  'test.floor': {
    expects: '"base", "off" or a whole number of at least 1',
    example: '"floor": "base"',
  },
  'test.redOnBase': {
    expects: 'true or false',
    example: '"redOnBase": true',
  },
  'test.biteMatrix': {
    expects: '"off", "advisory" or "required"',
    example: '"biteMatrix": "advisory"',
  },
  'test.rerunFailed': {
    expects: '0 or 1',
    example: '"rerunFailed": 1',
  },
  'test.flaky': {
    expects: 'a list of flakes on record',
    example: FLAKY,
  },
  'test.flaky.*': {
    expects: 'an object with test, reason and until',
    example: FLAKY,
  },
  'test.flaky.*.test': {
    expects: 'the name of a test, as the report gives it',
    example: FLAKY,
  },
  'test.flaky.*.suite': {
    expects: 'the name of its suite, as the report gives it',
    example: FLAKY,
  },
  'test.flaky.*.reason': {
    expects: 'a text that is not empty',
    example: FLAKY,
  },
  'test.flaky.*.until': {
    expects: 'a date such as "2027-01-31"',
    example: FLAKY,
  },
  'test.protected': {
    expects: 'a list of paths or globs',
    example: '"protected": ["package.json#/scripts", "conftest.py", ".github/**"]',
  },
  'test.protected.*': {
    expects: 'a path or glob inside the repository, with "/" and without "..", perhaps with the JSON pointer of a part',
    example: '"protected": ["package.json#/scripts", "conftest.py", ".github/**"]',
  },
  'test.files': {
    expects: 'a list of paths or globs',
    example: '"files": ["**/*.test.ts"]',
  },
  'test.files.*': {
    expects: 'a path or glob inside the repository, with "/" and without ".."',
    example: '"files": ["**/*.test.ts"]',
  },
  'test.smoke': {
    expects: 'a list of at most 50 requests',
    example: SMOKE,
  },
  'test.smoke.*': {
    expects: 'an object with a url',
    example: SMOKE,
  },
  'test.smoke.*.url': {
    expects: 'an address with http or https, without user, password or "#"',
    example: SMOKE,
  },
  'test.smoke.*.status': { expects: 'a status from 100 to 599', example: SMOKE },
  'test.smoke.*.json': {
    expects: 'an object of JSON pointers and plain values',
    example: SMOKE,
  },
  'test.smoke.*.json.*': {
    expects: 'a text, number, true, false or null, under a JSON pointer',
    example: SMOKE,
  },
  'test.smoke.*.timeout': {
    expects: 'a duration such as "2s", above zero and at most 24h, with one of the units ms, s, m, h',
    example: SMOKE,
  },
  'test.network': {
    expects: 'an object',
    example: NETWORK,
  },
  'test.network.sandbox': { expects: 'a list of hosts', example: NETWORK },
  'test.network.sandbox.*': {
    expects: 'a host, or a host and a port, without scheme or path',
    example: NETWORK,
  },
  'test.network.allowSandboxWrites': { expects: 'true or false', example: NETWORK },
  'test.network.read': { expects: 'a list of hosts', example: NETWORK },
  'test.network.read.*': {
    expects: 'a host, or a host and a port, without scheme or path',
    example: NETWORK,
  },
  'test.prove': {
    expects: 'an object with file and text',
    example: PROVE,
  },
  'test.prove.file': {
    expects: 'a path inside the repository, relative, with "/" and without ".."',
    example: PROVE,
  },
  'test.prove.text': {
    expects: 'a text that holds the words "interlock prove", so that its failure is known in the report',
    example: PROVE,
  },
  staging: {
    expects: 'an object',
    example: '"staging": { "host": "staging.example.com", "command": ["./staging_check.sh"], "cwd": "/srv/app" }',
  },
  'staging.host': {
    expects: 'the name or address of a host, without user, port or spaces',
    example: '"host": "staging.example.com"',
  },
  'staging.port': { expects: 'a whole number from 1 to 65535', example: '"port": 22' },
  'staging.user': { expects: 'the name of a user', example: '"user": "deploy"' },
  'staging.transport': { expects: '"ssh2", "openssh" or "demo"', example: '"transport": "ssh2"' },
  'staging.command': {
    expects: "a list of words (run without a shell) or a text (run by the host's shell) that is not empty",
    example: '"command": ["./staging_check.sh"]',
  },
  'staging.command.*': { expects: 'a text that is not empty', example: '"command": ["./staging_check.sh"]' },
  'staging.cwd': {
    expects: 'an absolute folder on the host, with "/" and without ".."',
    example: '"cwd": "/srv/app"',
  },
  'staging.timeout': {
    expects: 'a duration such as "20m", above zero and at most 24h, with one of the units ms, s, m, h',
    example: '"timeout": "20m"',
  },
  'staging.grace': {
    expects: 'a duration such as "3s", at most 24h, with one of the units ms, s, m, h',
    example: '"grace": "3s"',
  },
  'staging.env': { expects: 'an object of texts', example: '"env": { "BASE_URL": "http://127.0.0.1:8080" }' },
  'staging.env.*': {
    expects: 'a text, under a name of letters, digits and "_" that begins with no digit',
    example: '"env": { "BASE_URL": "http://127.0.0.1:8080" }',
  },
  'staging.container': { expects: 'null or an object with engine and name', example: CONTAINER },
  'staging.container.engine': { expects: '"docker" or "podman"', example: CONTAINER },
  'staging.container.name': { expects: 'the name of a container', example: CONTAINER },
  'staging.servedCommit': {
    expects: "null, a list of words (run without a shell) or a text (run by the host's shell) that is not empty",
    example: '"servedCommit": ["cat", "/srv/app/REVISION"]',
  },
  'staging.servedCommit.*': {
    expects: 'a text that is not empty',
    example: '"servedCommit": ["cat", "/srv/app/REVISION"]',
  },
  'staging.report': { expects: 'an object with a format', example: STAGING_REPORT },
  'staging.report.format': { expects: '"junit", "tap", "ctrf", "go-json" or "none"', example: STAGING_REPORT },
  'staging.report.path': {
    expects: 'the path of one file on the host, without ".." and without "*"',
    example: STAGING_REPORT,
  },
  'staging.waivers': { expects: 'a list of at most 200 waivers', example: WAIVERS },
  'staging.waivers.*': { expects: 'an object with check, reason, reference and until', example: WAIVERS },
  'staging.waivers.*.check': {
    expects: 'the name of a check as the report gives it, or "suite > name"',
    example: WAIVERS,
  },
  'staging.waivers.*.reason': { expects: 'a text that is not empty', example: WAIVERS },
  'staging.waivers.*.reference': { expects: 'a text that is not empty', example: WAIVERS },
  'staging.waivers.*.until': { expects: 'a date such as "2027-01-31"', example: WAIVERS },
  merge: { expects: 'an object', example: '"merge": { "style": "merge" }' },
  'merge.retest': { expects: '"always-unless-proven" or "always"', example: '"retest": "always-unless-proven"' },
  'merge.testsIgnoreHistory': { expects: 'true or false', example: '"testsIgnoreHistory": true' },
  'merge.timeout': {
    expects: 'a duration such as "15m", above zero and at most 24h, with one of the units ms, s, m, h',
    example: '"timeout": "15m"',
  },
  'merge.batch': { expects: 'a whole number from 1 to 8', example: '"batch": 4' },
  'merge.style': { expects: '"merge" or "squash"', example: '"style": "merge"' },
  'merge.numbered': {
    expects: 'a list of at most 50 series of documents, each once',
    example: '"numbered": ["docs/adr/adr-*.md"]',
  },
  'merge.numbered.*': {
    expects:
      'a path inside the repository with one star in the name, where the number stands, and no other sign of a glob',
    example: '"numbered": ["docs/adr/adr-*.md"]',
  },
  'merge.generated': { expects: 'a list of at most 200 globs', example: '"generated": ["package-lock.json"]' },
  'merge.generated.*': {
    expects:
      'a path or glob inside the repository: with "/", of the signs "*", "**" and "?" alone, at most three stars in a name and 200 characters',
    example: '"generated": ["package-lock.json"]',
  },
  'merge.changelog': { expects: 'null or the path of one file', example: '"changelog": "CHANGELOG.md"' },
  'merge.submodules': { expects: '"refuse" or "empty"', example: '"submodules": "refuse"' },
  'merge.security': { expects: 'an object with a command', example: SECURITY },
  'merge.security.command': {
    expects: 'a list of words (run without a shell) or a text (run by the shell) that is not empty',
    example: SECURITY,
  },
  'merge.security.command.*': { expects: 'a text that is not empty', example: SECURITY },
  'merge.security.timeout': {
    expects: 'a duration such as "5m", above zero and at most 24h, with one of the units ms, s, m, h',
    example: '"timeout": "5m"',
  },
  'merge.coverage': { expects: 'an object with a report', example: COVERAGE },
  'merge.coverage.report': {
    expects: 'the path of one file inside the repository, without ".." and without "*"',
    example: COVERAGE,
  },
  'merge.coverage.format': { expects: '"lcov" or "cobertura"', example: COVERAGE },
  'merge.coverage.maxDrop': { expects: 'a number from 0 to 100 (percentage points)', example: COVERAGE },
};

/** The fact of a place in the file: numbers and free names match `*`. */
export function factOf(path: readonly (string | number)[]): KeyFact | undefined {
  const place = path.map((step) => (typeof step === 'number' ? '*' : step));
  return KEY_FACTS[place.join('.')] ?? KEY_FACTS[[...place.slice(0, -1), '*'].join('.')];
}

/** Names that may stand in the object at this place. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  const prefix = path.map((step) => `${typeof step === 'number' ? '*' : step}.`).join('');
  return Object.keys(KEY_FACTS)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((key) => key !== '*' && !key.includes('.'));
}
