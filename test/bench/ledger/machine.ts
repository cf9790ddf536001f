import { readFileSync, statfsSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { root } from '../../setup/step.mjs';

const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0xef53: 'ext2/3/4',
  0x58465342: 'XFS',
  0x9123683e: 'Btrfs',
  0x01021994: 'tmpfs',
  0x794c7630: 'overlayfs',
  0x2fc12fc1: 'ZFS',
};
const Package = z.object({ version: z.string() });

/** What the figures were measured on, one fact a line. */
export function describeMachine(folder: string): string[] {
  const [first] = cpus();
  const { type: fileSystem } = statfsSync(folder);
  return [
    `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GB of memory`,
    `${type()} ${release()}, file system ${FILE_SYSTEMS[fileSystem] ?? `type 0x${fileSystem.toString(16)}`}${mountOf(folder)}`,
    `Node ${process.versions.node} (its SQLite ${process.versions.sqlite ?? 'unknown'}), sql.js ${versionOf('sql.js')}, better-sqlite3 ${versionOf('better-sqlite3')}`,
  ];
}

/** How busy the machine was in the last minute: the load average, beside which every figure has to be seen. */
export function presentLoad(): string {
  return (loadavg()[0] ?? NaN).toFixed(1);
}

function versionOf(name: string): string {
  return Package.parse(JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))).version;
}

/** The mount that a folder lies on, as Linux tells it. */
function mountOf(folder: string): string {
  try {
    const mounts = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '));
    const fitting = mounts.filter(([, point]) => point !== undefined && join(folder, '/').startsWith(join(point, '/')));
    const [device, , name] = fitting.sort((a, b) => (a[1] ?? '').length - (b[1] ?? '').length).at(-1) ?? [];
    return device === undefined ? '' : ` (${name} on ${device})`;
  } catch {
    return '';
  }
}
