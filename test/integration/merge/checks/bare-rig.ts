import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GitTrees } from '../../../../runner-host/merge/checks/git-trees';
import { makeQuickFolder } from '../../rig/quick-folder';

/** Contents by path; as latin1, one character is one byte. `mode:` before the path's own contents sets another mode. */
export type Files = Readonly<Record<string, string | { mode: string; bytes: string }>>;

export interface BareRig {
  folder: string;
  env: NodeJS.ProcessEnv;
  trees: GitTrees;
  /** `variables`: `NAME=value`. */
  git(args: readonly string[], input?: string, variables?: readonly string[]): string;
  /** Writes commits in one go, each a whole tree. Returns their ids, in the order given; a parent may be an earlier mark. */
  commits(wanted: readonly { files: Files; parents?: readonly (string | number)[] }[]): string[];
  commit(files: Files, ...parents: string[]): string;
  /** All files of a commit or tree. */
  files(tree: string): Record<string, string>;
  close(): Promise<void>;
}

/** A bare repository, filled by `git fast-import`. Must be closed. */
export function makeBare(): BareRig {
  const root = makeQuickFolder('interlock checks-');
  const home = join(root, 'home');
  const folder = join(root, 'mirror.git');
  mkdirSync(home);
  const env = { PATH: process.env.PATH, HOME: home };
  const git: BareRig['git'] = (args, input = '', variables = []) =>
    execFileSync('git', args, {
      cwd: folder,
      env: { ...env, ...Object.fromEntries(variables.map((one) => one.split('=', 2) as [string, string])) },
      input: Buffer.from(input, 'latin1'),
      encoding: 'latin1',
      stdio: 'pipe',
      maxBuffer: 1 << 28,
    }).replace(/\n$/, '');
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', '--template=', folder], { env });
  const trees = new GitTrees({ folder, env });
  const commits: BareRig['commits'] = (wanted) => {
    const who = 'Ada <ada@example.com> 1 +0000';
    const stream = wanted.map(({ files, parents = [] }, index) => {
      const named = parents.map((parent) => (typeof parent === 'number' ? `:${parent + 1}` : parent));
      const [first, ...others] = named;
      const contents = Object.entries(files).map(([path, file]) => {
        const { mode, bytes } = typeof file === 'string' ? { mode: '100644', bytes: file } : file;
        return mode === '160000'
          ? `M ${mode} ${bytes} ${quoted(path)}\n`
          : `M ${mode} inline ${quoted(path)}\ndata ${bytes.length}\n${bytes}\n`;
      });
      // Begun anew each time, or every commit would take the last one as its parent. One ref for all: git flushes each to the disk.
      const head = `reset refs/rig/last\n\ncommit refs/rig/last\nmark :${index + 1}\ncommitter ${who}\ndata 1\nx\n`;
      return `${head}${first ? `from ${first}\n` : ''}${others.map((other) => `merge ${other}\n`).join('')}deleteall\n${contents.join('')}\n`;
    });
    const marks = join(root, 'marks');
    git(
      ['-c', 'fastimport.unpackLimit=1', 'fast-import', '--quiet', '--force', `--export-marks=${marks}`],
      stream.join(''),
    );
    const byMark = new Map(
      readFileSync(marks, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.slice(1).split(' ') as [string, string]),
    );
    return wanted.map((_, index) => byMark.get(String(index + 1)) ?? '');
  };
  return {
    folder,
    env,
    trees,
    git,
    commits,
    commit: (files, ...parents) => commits([{ files, parents }])[0] ?? '',
    files: (tree) =>
      Object.fromEntries(
        git(['ls-tree', '-r', '-z', tree])
          .split('\0')
          .filter(Boolean)
          .map((line) => {
            const [, id = '', path = ''] = /^\d+ \w+ (\w+)\t(.*)$/s.exec(line) ?? [];
            return [path, execFileSync('git', ['cat-file', 'blob', id], { cwd: folder, env, encoding: 'latin1' })];
          }),
      ),
    close: async () => {
      await trees.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const quoted = (path: string): string =>
  `"${path.replace(/["\\\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`))}"`;
