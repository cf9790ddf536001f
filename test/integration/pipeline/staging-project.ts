import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../../extension/engine';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import {
  commitFile,
  SAMPLE_CONFIG,
  sampleRepository,
  type SampleRepository,
  type SuitePlan,
} from '../rig/sample-repository';

export const LOG = 'docs/work-items/DEMO-1/15-staging-log.md';
export const ann = { actor: 'person:ann' };

/** A project whose staging host is the runner host's demo server, with an item that has just passed testing. */
export class StagingProject {
  private readonly home = mkdtempSync(join(tmpdir(), 'interlock-home-'));
  private readonly homeBefore = process.env['HOME'];
  /** What the host serves, and its suite. */
  readonly served = realpathSync(mkdtempSync(join(tmpdir(), 'interlock served ')));
  sample!: SampleRepository;
  engine!: Engine;

  static async open(staging: object = {}): Promise<StagingProject> {
    const project = new StagingProject();
    // The demo host gives its commands the home of the runner host, whose run directories are made there.
    process.env['HOME'] = project.home;
    copyFileSync(join(import.meta.dirname, '../../fixtures/suite.mjs'), join(project.served, 'suite.mjs'));
    project.sample = sampleRepository(project.config(staging));
    project.engine = await openTestEngine(project.sample.root);
    await project.engine.add({ title: 'Add sums', id: 'DEMO-1', stage: 'testing', ...ann });
    project.plan({ passed: 3 });
    return project;
  }

  config(staging: object): object {
    return {
      ...SAMPLE_CONFIG,
      stages: ['development', 'testing', 'deploy-staging', 'merge', 'done'],
      budgets: { infraRetries: 1 },
      staging: {
        transport: 'demo',
        command: [process.execPath, 'suite.mjs'],
        cwd: this.served,
        timeout: '60s',
        grace: '1s',
        servedCommit: ['cat', 'REVISION'],
        report: { format: 'junit', path: 'report.xml' },
        ...staging,
      },
    };
  }

  /** Base's configuration from now on. */
  configure(staging: object): void {
    commitFile(this.sample.root, 'interlock.json', JSON.stringify(this.config(staging), null, 2));
  }

  /** What the suite on the staging host does from now on. */
  plan(plan: SuitePlan): void {
    writeFileSync(join(this.served, 'suite.json'), JSON.stringify(plan));
  }

  get tip(): string {
    return git(this.sample.root, 'rev-parse', 'work/DEMO-1');
  }

  deploy(commit = this.tip): void {
    writeFileSync(join(this.served, 'REVISION'), `${commit}\n`);
  }

  /** Through testing, and deployed. */
  async tested(): Promise<void> {
    const report = await this.engine.advance('DEMO-1', ann);
    if (report.to !== 'deploy-staging') throw new Error(report.reason.text);
    this.deploy();
  }

  /** Somebody else has the host until they leave; they do so by themselves before long. */
  async occupyHost(): Promise<{ leave(): Promise<void> }> {
    const lock = join(this.folder('.interlock/runs'), 'lock');
    const child = spawn('flock', [lock, 'sh', '-c', 'echo taken; exec sleep 55'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    await once(child.stdout, 'data');
    return {
      async leave() {
        const gone = once(child, 'close');
        child.stdout.destroy();
        // The lock is held as long as somebody has it open: the sleeper, too.
        process.kill(-(child.pid ?? 0), 'SIGKILL');
        await gone;
      },
    };
  }

  folder(name: string): string {
    const made = join(this.home, name);
    mkdirSync(made, { recursive: true });
    return made;
  }

  async close(): Promise<void> {
    await this.engine.hostDrain(true);
    await this.engine.close();
    this.sample.remove();
    process.env['HOME'] = this.homeBefore;
    for (const folder of [this.home, this.served]) rmSync(folder, { recursive: true, force: true });
  }
}
