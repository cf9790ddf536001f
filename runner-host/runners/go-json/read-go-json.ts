import type { CaseResult } from '../../protocol/result';
import { FailureText } from '../case-text';
import { ReportError } from '../report-error';
import { MOST_CASES } from '../report-limits';
import { textLines } from '../text-lines';
import { goLine, type GoEvent } from './go-event';
import { GoPackage } from './go-package';

/**
 * Reads what `go test -json` printed, with the line `exit <code>` that the command adds after it: go itself ends without a word,
 * so that a file cut off between two packages would look whole. Returns the tests as cases, or throws `ReportError`: cut off,
 * no such last line, a line that is no event, a package or test without an end, or ends that contradict each other.
 */
export async function readGoJson(bytes: AsyncIterable<Buffer>): Promise<CaseResult[]> {
  const report = new GoReport();
  for await (const lines of textLines(bytes)) for (const line of lines) report.add(line);
  return report.close();
}

class GoReport {
  readonly #packages = new Map<string, GoPackage>();
  /** What the compiler said, by import path; and which of it a failed package names. */
  readonly #builds = new Map<string, FailureText>();
  readonly #failedBuilds = new Map<string, string>();
  #lines = 0;
  #exit: number | null = null;

  add(text: string): void {
    this.#lines += 1;
    if (this.#exit !== null) throw new ReportError(`line ${this.#lines} stands after the end ("exit ${this.#exit}")`);
    const line = goLine(text, this.#lines);
    if (line.kind === 'exit') this.#exit = line.code;
    else if (line.kind === 'not-built') this.#package(line.package).failWithout(line.why);
    else this.#addEvent(line.event);
  }

  close(): CaseResult[] {
    if (this.#exit === null)
      throw new ReportError(
        'the last line is not "exit <code>": the file is cut off, or the command does not add that line',
      );
    const cases: CaseResult[] = [];
    for (const [name, one] of this.#packages) {
      if (!one.ended) throw new ReportError(`package ${name} has no end`);
      if (one.failed && this.#exit === 0) throw new ReportError(`package ${name} failed, but go test ended with 0`);
      cases.push(...one.cases(this.#builds.get(this.#failedBuilds.get(name) ?? '')?.details ?? null));
      if (cases.length > MOST_CASES) throw new ReportError(`more than ${MOST_CASES} tests`);
    }
    return cases;
  }

  #addEvent(event: GoEvent): void {
    if (event.Action === 'build-output' || event.Action === 'build-fail') {
      const path = event.ImportPath ?? '';
      const text = this.#builds.get(path) ?? new FailureText();
      this.#builds.set(path, text);
      text.add(event.Output ?? '');
      return;
    }
    const name = event.Package;
    if (name === undefined) throw new ReportError(`line ${this.#lines} names no package`);
    if (event.FailedBuild !== undefined) this.#failedBuilds.set(name, event.FailedBuild);
    this.#package(name).add(event);
  }

  #package(name: string): GoPackage {
    const known = this.#packages.get(name) ?? new GoPackage(name);
    this.#packages.set(name, known);
    return known;
  }
}
