import type { Node } from 'jsonc-parser';
import { checkMeaning } from './check-meaning';
import { DEFAULT_PROTECTED, DEFAULT_TEST_FILES } from './default-patterns';
import { describeIssue } from './describe-issue';
import type { Finding } from './finding';
import { InterlockJson } from './interlock-json';
import { nodeAt, property, readJson, valueOf, type JsonPath, type JsonSource } from './json-source';
import type { ConfigProblem, ProjectConfig } from './project-config';
import { syntaxText } from './syntax-text';

export type ConfigParsing = { ok: true; config: ProjectConfig } | { ok: false; problems: ConfigProblem[] };

const MAX_CHARACTERS = 256 * 1024;

/**
 * Reads the text of interlock.json. Comments and trailing commas are fine. All problems come at once, in the order of the
 * file, each at its place; only where the text is no JSON at all, nothing else is looked for.
 * @param file how the problems name it
 * @param branch what `base` is where the file leaves it out
 */
export function parseConfig(text: string, file: string, branch = 'main'): ConfigParsing {
  const whole = (message: string, remedy: string): ConfigParsing => ({
    ok: false,
    problems: [{ file, line: 1, column: 1, key: '', message, remedy }],
  });
  if (text.length > MAX_CHARACTERS)
    return whole(`The file has more than ${MAX_CHARACTERS} characters`, 'Write only what differs from the defaults');
  let source: JsonSource;
  try {
    source = readJson(text);
  } catch (error) {
    if (error instanceof RangeError)
      return whole('The file is nested too deeply', 'Write it as the documentation shows');
    throw error;
  }
  const { root, errors } = source;
  if (errors.length > 0 || root === undefined)
    return {
      ok: false,
      problems: errors.map((error) => ({ file, ...source.place(error.offset), key: '', ...syntaxText(error.error) })),
    };
  if (root.type !== 'object') return whole('The file must hold one object', 'Begin it with { and end it with }');

  const valueAt = (path: JsonPath): unknown => {
    const { node, found } = nodeAt(root, path);
    return found ? valueOf(node) : undefined;
  };
  const parsed = InterlockJson.safeParse(valueOf(root));
  const findings = [
    ...checkNames(root),
    ...(parsed.error?.issues ?? []).flatMap((issue) => describeIssue(issue, valueAt)),
    ...checkMeaning(root),
  ];
  if (parsed.success && findings.length === 0) return { ok: true, config: toConfig(parsed.data, branch) };
  return { ok: false, problems: placed(findings, root, source, file) };
}

function toConfig(read: InterlockJson, branch: string): ProjectConfig {
  const { base, remote, artifacts, worktrees, stages, budgets, test, staging, merge } = read;
  return {
    base: base ?? branch,
    remote,
    artifacts,
    worktrees,
    stages,
    budgets,
    test: test === undefined ? null : toTest(test),
    staging: staging === undefined ? null : toStaging(staging),
    merge: merge === undefined ? null : toMerge(merge),
  };
}

function toTest(read: NonNullable<InterlockJson['test']>): ProjectConfig['test'] {
  const { timeout, grace, report, smoke, prove, ...rest } = read;
  return {
    ...rest,
    timeoutMs: timeout,
    graceMs: grace,
    report: report === undefined || report.format === 'none' ? null : report,
    smoke: smoke.map(({ timeout: timeoutMs, ...request }) => ({ ...request, timeoutMs })),
    prove: prove ?? null,
    protected: read.protected ?? [...DEFAULT_PROTECTED],
    files: read.files ?? [...DEFAULT_TEST_FILES],
  };
}

/** Without limits of their own the gate's commands have the suite's, or the usual one. */
const USUAL_TIMEOUT_MS = 15 * 60 * 1000;

function toMerge(read: NonNullable<InterlockJson['merge']>): ProjectConfig['merge'] {
  const { timeout, security, coverage, ...rest } = read;
  return {
    ...rest,
    timeoutMs: timeout ?? null,
    security:
      security === undefined
        ? null
        : { command: security.command, timeoutMs: security.timeout ?? timeout ?? USUAL_TIMEOUT_MS },
    coverage:
      coverage === undefined ? null : { path: coverage.report, format: coverage.format, maxDrop: coverage.maxDrop },
  };
}

/** What the demo server of the runner host is called. */
const DEMO_HOST = 'demo';

function toStaging(read: NonNullable<InterlockJson['staging']>): ProjectConfig['staging'] {
  const { host, port, user, transport, timeout, grace, report, ...rest } = read;
  return {
    ...rest,
    target: { transport, host: host ?? DEMO_HOST, port: port ?? null, user: user ?? null },
    timeoutMs: timeout,
    graceMs: grace,
    report: report === undefined || report.format === 'none' ? null : report,
  };
}

/**
 * Names that the schema does not get to see: JSON readers differ in which of two equal keys counts (neither does here),
 * and zod passes over `__proto__`.
 */
function checkNames(node: Node, path: JsonPath = []): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<unknown>();
  for (const [index, child] of (node.children ?? []).entries()) {
    const [name, value] = node.type === 'object' ? (child.children ?? []) : [undefined, child];
    const finding = { path, key: String(name?.value), offset: name?.offset ?? 0 };
    if (name?.value === '__proto__')
      findings.push({ ...finding, message: 'This cannot be the name of a key', remedy: 'Remove it' });
    else if (name !== undefined && seen.has(name.value))
      findings.push({ ...finding, message: 'The key is there twice', remedy: 'Keep one of them' });
    if (name !== undefined) seen.add(name.value);
    if (value !== undefined)
      findings.push(...checkNames(value, [...path, name === undefined ? index : String(name.value)]));
  }
  return findings;
}

/** Findings at their places, in the order of the file; of several at one place the first. */
function placed(findings: readonly Finding[], root: Node, source: JsonSource, file: string): ConfigProblem[] {
  const byPlace = new Map<string, ConfigProblem & { offset: number }>();
  for (const finding of findings) {
    const { path, key, message, remedy } = finding;
    const holder = nodeAt(root, path).node;
    const node = key === undefined ? holder : (property(holder, key)?.name ?? holder);
    const offset = finding.offset ?? node.offset;
    const full = formatPath(key === undefined ? path : [...path, key]);
    const id = `${offset} ${full}`;
    if (!byPlace.has(id)) byPlace.set(id, { file, ...source.place(offset), key: full, message, remedy, offset });
  }
  return [...byPlace.values()].sort((a, b) => a.offset - b.offset).map(({ offset: _, ...problem }) => problem);
}

function formatPath(path: JsonPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
