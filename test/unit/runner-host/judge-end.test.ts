import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportReading, Supervision } from '../../../runner-host/protocol/result';
import { judgeEnd } from '../../../runner-host/runners/judge-end';
import { noSupervision } from '../../../runner-host/runners/no-supervision';
import type { SupervisorLost } from '../../../runner-host/shim/supervise-by-shim';
import { judgeMemory, type EndCause } from '../../../runner-host/supervisor/first-cause';
import { countOomKills } from '../../../runner-host/supervisor/out-of-memory';

const NONE: ReportReading = { state: 'not-configured' };
const READ: ReportReading = {
  state: 'read',
  files: ['a.xml'],
  tests: 1,
  passed: 1,
  failed: 0,
  errored: 0,
  skipped: 0,
  failures: [],
};
const judge = (
  cause: EndCause | SupervisorLost,
  report: ReportReading = NONE,
  more: Partial<Supervision> = {},
): string | undefined => judgeEnd(cause, { ...noSupervision(0), ...more }, report, 1000)?.cause;

describe('what the end of a command means', () => {
  test.each<[EndCause | SupervisorLost, string | undefined]>([
    [{ kind: 'exit', code: 0 }, undefined],
    [{ kind: 'exit', code: 1 }, undefined],
    [{ kind: 'exit', code: 126 }, 'not-executable'],
    [{ kind: 'exit', code: 127 }, 'command-not-found'],
    [{ kind: 'signal', signal: 'SIGSEGV' }, undefined],
    [{ kind: 'signal', signal: 'SIGABRT' }, undefined],
    [{ kind: 'signal', signal: 'SIGKILL' }, 'killed-from-outside'],
    [{ kind: 'signal', signal: 'SIGTERM' }, 'killed-from-outside'],
    [{ kind: 'signal', signal: 'SIGINT' }, 'killed-from-outside'],
    [{ kind: 'signal', signal: 'SIGHUP' }, 'killed-from-outside'],
    [{ kind: 'timeout' }, 'timeout'],
    [{ kind: 'cancel', reason: 'x' }, 'cancelled'],
    [{ kind: 'out-of-memory', detail: 'x' }, 'out-of-memory'],
    [{ kind: 'output-lost', code: 'ENOSPC', detail: 'x' }, 'disk-full'],
    [{ kind: 'output-lost', code: 'EDQUOT', detail: 'x' }, 'disk-full'],
    [{ kind: 'output-lost', code: 'EIO', detail: 'x' }, 'spawn-failed'],
    [{ kind: 'spawn-failed', code: 'ENOENT', detail: 'x' }, 'command-not-found'],
    [{ kind: 'spawn-failed', code: 'EACCES', detail: 'x' }, 'not-executable'],
    [{ kind: 'spawn-failed', code: 'EAGAIN', detail: 'x' }, 'spawn-failed'],
    [{ kind: 'spawn-failed', code: 'ENOMEM', detail: 'x' }, 'spawn-failed'],
    [{ kind: 'supervisor-lost', started: true, detail: 'x' }, 'killed-from-outside'],
    [{ kind: 'supervisor-lost', started: false, detail: 'x' }, 'spawn-failed'],
  ])('%o: %s', (cause, expected) => {
    expect(judge(cause)).toBe(expected);
  });

  test('a report that was read proves that 126 and 127 are the suite’s own', () => {
    expect(judge({ kind: 'exit', code: 127 }, READ)).toBeUndefined();
    expect(judge({ kind: 'exit', code: 127 }, { state: 'missing', path: 'a' })).toBe('command-not-found');
    expect(judge({ kind: 'exit', code: 126 }, { state: 'unreadable', path: 'a', reason: 'x' })).toBe('not-executable');
  });

  test('a process that could not be killed outweighs everything: the worktree is no longer ours alone', () => {
    const survivors = [{ pid: 5, startTime: '1', command: 'x' }];
    expect(judge({ kind: 'exit', code: 0 }, READ, { survivors })).toBe('survivors');
    expect(judge({ kind: 'timeout' }, NONE, { survivors })).toBe('survivors');
  });
});

describe('out of memory', () => {
  test('needs both: the kernel’s count went up, and the command died of SIGKILL or says 137', () => {
    const before = countOomKills();
    if (before === null) throw new Error('this kernel does not count');
    const killed: EndCause = { kind: 'signal', signal: 'SIGKILL' };
    expect(judgeMemory(killed, before)).toBe(killed);
    expect(judgeMemory(killed, null)).toBe(killed);
    expect(judgeMemory(killed, before - 1)).toMatchObject({ kind: 'out-of-memory' });
    expect(judgeMemory({ kind: 'exit', code: 137 }, before - 1)).toMatchObject({ kind: 'out-of-memory' });
    expect(judgeMemory({ kind: 'exit', code: 1 }, before - 1)).toEqual({ kind: 'exit', code: 1 });
    expect(judgeMemory({ kind: 'signal', signal: 'SIGTERM' }, before - 1)).toMatchObject({ kind: 'signal' });
  });

  test('a kernel that does not count says nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ilk-oom-'));
    writeFileSync(join(folder, 'vmstat'), 'nr_free_pages 1\noom_kill 7\n');
    expect(countOomKills(join(folder, 'vmstat'))).toBe(7);
    writeFileSync(join(folder, 'vmstat'), 'nr_free_pages 1\n');
    expect(countOomKills(join(folder, 'vmstat'))).toBeNull();
    expect(countOomKills(join(folder, 'nothing'))).toBeNull();
    rmSync(folder, { recursive: true });
  });
});
