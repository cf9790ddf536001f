import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../setup/step.mjs';
import { serverFolder } from '../../vscode/install.mjs';
import { serveVsCode } from '../../vscode/serve';
import { startVsCode } from '../harness/start-vs-code';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-server-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Command lines of all processes that hold the text in their environment: the marker is inherited, whatever they are. */
function processesWith(marker: string): string[] {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(join('/proc', pid, file), 'utf8');
    } catch {
      return ''; // ended since the folder was listed
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => read(pid, 'environ').includes(marker)).map((pid) => read(pid, 'cmdline'));
}

describe('the served VS Code', () => {
  it('lets nobody in without the secret of its address', async () => {
    const server = await serveVsCode({ serverFolder, dataFolder: folder, trust: 'everything' });
    try {
      const status = async (url: string) => (await fetch(url, { redirect: 'manual' })).status;
      expect(await status(`http://127.0.0.1:${server.port}/`)).toBe(403);
      expect(await status(server.url({ workspace: folder }))).toBe(302);
    } finally {
      await server.stop();
    }
  });

  it('ends with all its processes, extension hosts and watchers included', async () => {
    const marker = `ILK_TEST_MARKER=${Date.now()}`;
    const [name = '', value = ''] = marker.split('=');
    const vscode = await startVsCode({ workspace: folder, env: { [name]: value } });
    const during = processesWith(marker);
    await vscode.stop();
    expect(during.some((line) => line.includes('--type=extensionHost'))).toBe(true);
    expect(processesWith(marker)).toEqual([]);
  });

  it('ends when its starter is killed', async () => {
    const marker = `ILK_TEST_MARKER=${Date.now()}`;
    const script = `
      import { serveVsCode } from ${JSON.stringify(join(root, 'test', 'vscode', 'serve.ts'))};
      await serveVsCode(${JSON.stringify({ serverFolder, dataFolder: folder, trust: 'everything' })});
      // A server that still prints would die of its broken pipe, whoever guards it.
      setTimeout(() => console.log('ready'), 3000);
    `;
    const [name = '', value = ''] = marker.split('=');
    const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, [name]: value },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(starter.stdout, 'data');
    const during = processesWith(marker);
    starter.kill('SIGKILL');
    expect(during.some((line) => line.includes('server-main.js'))).toBe(true);
    await expect.poll(() => processesWith(marker), { timeout: 20_000 }).toEqual([]);
  });

  it('says what went wrong when it cannot start', async () => {
    const start = serveVsCode({ serverFolder: join(folder, 'nothing-here'), dataFolder: folder, trust: 'everything' });
    await expect(start).rejects.toThrow(/ended with 1:[^]*Cannot find module/);
  });
});
