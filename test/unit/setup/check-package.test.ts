import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPackage, listArchive } from '../../setup/check-package.mjs';

/** A zip archive of empty files, as APPNOTE.TXT lays it out: only what a reader of the central directory looks at. */
function archive(names: readonly string[], padding = 0): Buffer {
  const entries = names.map((name) => {
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x02014b50, 0);
    header.writeUInt16LE(Buffer.byteLength(name), 28);
    return Buffer.concat([header, Buffer.from(name)]);
  });
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(padding, 16);
  return Buffer.concat([Buffer.alloc(padding), directory, end]);
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-vsix-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const check = (names: readonly string[], listed: readonly string[], padding?: number) => {
  const vsix = join(folder, 'a.vsix');
  const listFile = join(folder, 'files.txt');
  writeFileSync(vsix, archive(names, padding));
  writeFileSync(listFile, listed.map((name) => `${name}\n`).join(''));
  return () => checkPackage(vsix, { listFile, accept: false });
};

describe('the list of packaged files', () => {
  it('reads every name, whatever order the archive has', () => {
    expect(listArchive(archive(['b.js', 'ä/a.js']))).toEqual(['b.js', 'ä/a.js']);
  });

  it('accepts a package that holds exactly the listed files', () => {
    expect(check(['a.js', 'b.js'], ['a.js', 'b.js'])).not.toThrow();
  });

  it('refuses a file that nobody listed', () => {
    expect(check(['a.js', 'secret.env'], ['a.js'])).toThrow('+ secret.env is packaged and not listed');
  });

  it('refuses a package that lost a listed file', () => {
    expect(check(['a.js'], ['a.js', 'sql-wasm.wasm'])).toThrow('- sql-wasm.wasm is listed and not packaged');
  });

  it('refuses a package over the size limit', () => {
    expect(check(['a.js'], ['a.js'], 1_200_000)).toThrow('the limit is 1200000');
  });

  it('refuses forty files', () => {
    const names = Array.from({ length: 40 }, (_, index) => `${index}.js`);
    expect(check(names, names)).toThrow('it has 40 files, the limit is 39');
  });

  it('says of a truncated archive that it is none', () => {
    expect(() => listArchive(archive(['a.js']).subarray(0, 60))).toThrow('Not a zip archive');
  });
});
