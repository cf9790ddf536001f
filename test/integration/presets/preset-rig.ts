import { symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { initConfig } from '../../../extension/config/init-config';
import { parseConfig } from '../../../extension/config/parse-config';
import type { CaseResult, ReportReading, TestRunResult } from '../../../runner-host/protocol/result';
import { openHostRig, type HostRig } from '../host/host-rig';

const modules = join(import.meta.dirname, '..', '..', '..', 'node_modules');

export interface PresetRun {
  exitCode: number | null;
  report: ReportReading;
  /** `file > suite > name` of what failed. */
  failures: string[];
  changed: string[];
  output: string;
}

/**
 * Makes the project, lets `interlock init` write its configuration, and runs what stands there, as it stands there, through a
 * runner host.
 */
export async function openPreset(files: Record<string, string>): Promise<{
  rig: HostRig;
  command: string[] | string;
  run(change?: Record<string, string>): Promise<PresetRun>;
}> {
  const rig = await openHostRig();
  rig.commit({ '.gitignore': 'node_modules\n/reports\n/junit.xml\n', ...files });
  if ('package.json' in files) symlinkSync(modules, join(rig.worktree, 'node_modules'));
  const written = await initConfig(rig.worktree, { base: 'main', remote: '' });
  if (!written.ok) throw new Error(written.detail);
  const parsed = parseConfig(written.text, 'interlock.json');
  const test = parsed.ok ? parsed.config.test : null;
  if (test === null) throw new Error(`interlock init wrote what it does not accept:\n${written.text}`);
  return {
    rig,
    command: test.command,
    async run(change = {}) {
      rig.commit(change);
      const { command, cwd, env, passEnv, report } = test;
      // The packages' own Node: the machine's may be older than these runners need.
      const PATH = [join(modules, '.bin'), process.env.PATH].join(delimiter);
      const spec = rig.spec(command, { cwd, env: { ...env, PATH }, passEnv, report, timeoutMs: 50_000 });
      const { result, output } = await rig.run(spec);
      if (result.status !== 'suite-ran') throw new Error(`${result.cause}: ${result.detail}\n${output}`);
      return summary(result, output);
    },
  };
}

function summary(result: Extract<TestRunResult, { status: 'suite-ran' }>, output: string): PresetRun {
  const { report, supervision, tree } = result;
  const label = ({ file, suite, name }: CaseResult): string => [file ?? '-', suite, name].join(' > ');
  return {
    exitCode: supervision.exitCode,
    report,
    failures: report.state === 'read' ? report.failures.map(label) : [],
    changed: tree?.changed ?? ['?'],
    output,
  };
}
