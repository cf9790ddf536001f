import { closeSync, openSync, readSync } from 'node:fs';

/**
 * The name of koffi's native part for a machine, as the build puts it beside the bundles, compressed.
 * The two C libraries of Linux need different files.
 */
export function nativeFileName(platform: NodeJS.Platform, arch: string, musl: boolean): string {
  return `koffi-${platform}-${arch}${musl ? '-musl' : ''}.node`;
}

/** Whether this very program was linked with musl: the name of its loader stands in its first page (ELF, PT_INTERP). */
export function isMusl(program = process.execPath): boolean {
  const page = Buffer.alloc(4096);
  let file: number | undefined;
  try {
    file = openSync(program, 'r');
    readSync(file, page, 0, page.length, 0);
    return page.includes('/ld-musl-');
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
