import { dirname } from 'node:path';
import type { LedgerFiles } from './files';

/**
 * `f_type` of statfs(2) on Linux (linux/magic.h) for the file systems on which another machine, or another kernel, may write
 * the same file: O_APPEND is not one step there.
 */
const UNSUPPORTED: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
  [0x73757245, 'Coda'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x7461636f, 'OCFS2'],
  [0x01161970, 'GFS2'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0x786f4256, 'VirtualBox shared folders'],
  [0x7c7c6673, 'Parallels shared folders'],
]);

/**
 * The name of the file system if the ledger may not be written on it, else null. Asks for the nearest folder that exists.
 * Only Linux has stable numbers: elsewhere the answer is null.
 */
export function unsupportedType(files: LedgerFiles, directory: string, platform: NodeJS.Platform): string | null {
  if (platform !== 'linux') return null;
  let path = directory;
  while (!files.exists(path) && dirname(path) !== path) path = dirname(path);
  return UNSUPPORTED.get(files.fileSystemType(path) >>> 0) ?? null;
}
