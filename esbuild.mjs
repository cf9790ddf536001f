// Builds what is shipped into dist/: one pass for each process that runs.
//   node esbuild.mjs [--production] [--watch] [--if-needed]
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import * as esbuild from 'esbuild';
import subsetFont from 'subset-font';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const stamp = join(dist, '.sources');

/** What a build reads, besides the packages that the lockfile fixes. */
const SOURCES = ['extension', 'runner-host', 'webview', 'esbuild.mjs', 'package.json', 'package-lock.json'];

/**
 * A pass and the processes that run what it makes. `host`: what a process finds at run time besides Node's own modules;
 * `foreign`: sources that it must not hold.
 */
function passes(production) {
  const shared = {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    minify: production,
    sourcemap: production ? false : 'inline',
    legalComments: 'none', // dist/THIRD-PARTY-LICENSES.txt holds the texts
    charset: 'utf8',
    logLevel: 'warning',
  };
  const node = {
    ...shared,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    // What runs on a staging host is sent there as text.
    loader: { '.sh': 'text' },
    // The UMD build of a package requires its own parts in a way that no bundler sees: they would be missing at run time.
    mainFields: ['module', 'main'],
  };
  return [
    {
      // The window and the terminal share the deciding side: what both need is in files that both read. What `import()` names
      // becomes a file of its own, so that VS Code's start does not wait for all of it.
      options: {
        ...node,
        entryPoints: ['extension/extension.ts', 'extension/cli.ts'],
        outdir: 'dist',
        external: ['vscode'],
        format: 'esm',
        splitting: true,
        chunkNames: 'extension-[name]-[hash]',
        write: false,
        plugins: [writeAsCommonJs({ minify: production, sourcemap: production ? false : 'inline' })],
      },
      processes: [
        {
          name: 'extension',
          entry: 'dist/extension.js',
          host: ['vscode'],
          foreign: /^(runner-host\/(?!protocol\/)|webview\/(?!protocol\.ts$)|test\/|(.*\/)?node_modules\/sql\.js\/)/,
        },
        {
          name: 'cli',
          entry: 'dist/cli.js',
          host: [],
          foreign: /^(runner-host\/(?!protocol\/)|webview\/|extension\/ui\/|test\/|(.*\/)?node_modules\/sql\.js\/)/,
        },
      ],
    },
    {
      options: {
        ...node,
        entryPoints: ['runner-host/main.ts'],
        outfile: 'dist/runner-host.js',
        // fdir's ES module makes itself a require with this, which CommonJS does not have.
        banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
        define: { 'import.meta.url': 'importMetaUrl' },
        plugins: [sshClientApart],
      },
      processes: [
        {
          name: 'runner host',
          entry: 'dist/runner-host.js',
          host: [SSH_CLIENT],
          foreign: /^(extension\/|webview\/|test\/|(.*\/)?node_modules\/ssh2\/)/,
        },
      ],
    },
    {
      options: {
        ...node,
        entryPoints: { ssh2: 'runner-host/ssh/connect/ssh2-module.ts' },
        outdir: 'dist',
        // Its native parts are not shipped; it does without where they are not found.
        external: NATIVE_PARTS_OF_SSH2,
        plugins: [withoutFileTransfer],
      },
      processes: [
        {
          name: 'ssh client',
          entry: 'dist/ssh2.js',
          host: NATIVE_PARTS_OF_SSH2,
          foreign: /^(extension\/|webview\/|test\/|runner-host\/(?!ssh\/connect\/ssh2-module\.ts$))/,
        },
      ],
    },
    {
      options: { ...node, entryPoints: { shim: 'runner-host/shim/main.ts' }, outdir: 'dist' },
      processes: [
        {
          name: 'shim',
          entry: 'dist/shim.js',
          host: [],
          // One is started for each run: what it need not load it must not hold.
          foreign: /^(extension\/|webview\/|test\/|(.*\/)?node_modules\/(execa|koffi|zod\/v4\/classic)\/)/,
        },
      ],
    },
    {
      options: {
        ...shared,
        platform: 'browser',
        target: 'chrome138',
        format: 'iife',
        entryPoints: { report: 'webview/report/main.ts' },
        outdir: 'dist/webview',
      },
      processes: [
        {
          name: 'report panel',
          entry: 'dist/webview/report.js',
          host: [],
          foreign: /^(extension\/|runner-host\/|test\/)/,
        },
      ],
    },
  ];
}

/** The ssh client is a file of its own, which the runner host reads when it first reaches a host. */
const SSH_CLIENT = './ssh2.js';
const NATIVE_PARTS_OF_SSH2 = ['cpu-features', './crypto/build/Release/sshcrypto.node'];
const sshClientApart = {
  name: 'ssh-client-apart',
  setup(build) {
    build.onResolve({ filter: /^\.\/ssh2-module$/ }, () => ({ path: SSH_CLIENT, external: true }));
  },
};

/** No file is moved over SFTP here, and it is a seventh of the client, which asks for it by its name alone. */
const withoutFileTransfer = {
  name: 'without-file-transfer',
  setup(build) {
    build.onLoad({ filter: /[\\/]ssh2[\\/]lib[\\/]protocol[\\/]SFTP\.js$/ }, () => ({
      contents: 'module.exports = { SFTP: class SFTP {} };',
    }));
  },
};

/** Taken as they are. sql.js stays outside the bundles: it is loaded on first use, with its wasm from the same folder. */
const COPIES = [
  ['node_modules/sql.js/dist/sql-wasm.js', 'dist/sql-wasm.js'],
  ['node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm'],
];

const CODICONS = 'node_modules/@vscode/codicons/dist';
const ICON_FILES = ['dist/webview/codicon.css', 'dist/webview/codicon.ttf'];

/** The icon font and its style sheet with the icons that the panels use: a fiftieth of all. */
async function packIcons() {
  const names = Object.keys(JSON.parse(readFileSync(join(root, 'webview/report/icons.json'), 'utf8')));
  const rule = /^\.codicon-([\w-]+):before \{ content: "\\([0-9a-f]+)" \}\n/gm;
  const codes = new Map();
  const css = readFileSync(join(root, CODICONS, 'codicon.css'), 'utf8').replace(rule, (line, name, code) => {
    if (!names.includes(name)) return '';
    codes.set(name, code);
    return line;
  });
  const unknown = names.filter((name) => !codes.has(name));
  if (unknown.length > 0) throw new Error(`there is no codicon ${unknown.join(', ')}`);
  const text = [...codes.values()].map((code) => String.fromCodePoint(parseInt(code, 16))).join('');
  const font = await subsetFont(readFileSync(join(root, CODICONS, 'codicon.ttf')), text, { targetFormat: 'truetype' });
  mkdirSync(join(dist, 'webview'), { recursive: true });
  writeFileSync(join(root, ICON_FILES[0]), css);
  writeFileSync(join(root, ICON_FILES[1]), font);
}

/**
 * koffi's native part for this machine, compressed as the runner host looks for it (`runner-host/shim/native-part.ts`): it
 * takes three quarters of what the package's own compression makes of it. Other machines do without.
 * @returns what was written
 */
function packNative() {
  const { platform, arch } = process;
  const musl = platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
  const from = `node_modules/@koromix/koffi-linux-${arch}/${musl ? 'musl' : 'linux'}_${arch}/koffi.node`;
  if (platform !== 'linux' || !existsSync(join(root, from))) return [];
  const to = `dist/koffi-linux-${arch}${musl ? '-musl' : ''}.node.br`;
  // The next quality takes ten times as long for another 4 % of the package.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  writeFileSync(join(root, to), brotliCompressSync(readFileSync(join(root, from)), { params }));
  return [to];
}

/** esbuild splits code only as ES modules, and VS Code loads extensions as CommonJS: each file is turned into that. */
function writeAsCommonJs(options) {
  const commonJs = {
    ...options,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    supported: { 'dynamic-import': false },
  };
  return {
    name: 'write-as-commonjs',
    setup(build) {
      build.onEnd(async ({ outputFiles = [] }) => {
        mkdirSync(dist, { recursive: true });
        const errors = [];
        for (const { path, text } of outputFiles.filter((file) => file.path.endsWith('.js'))) {
          const { code, warnings } = await esbuild.transform(text, { ...commonJs, sourcefile: path });
          errors.push(...warnings.map((warning) => ({ text: `${path}: a warning is not accepted: ${warning.text}` })));
          writeFileSync(path, code);
        }
        for (const { text } of errors) console.error(text);
        return { errors };
      });
    },
  };
}

/** The files that a process may come to read: its entry, and what that imports now or later. */
function filesOf(entry, outputs) {
  const files = new Set([entry]);
  for (const file of files) {
    for (const { path, external } of outputs[file]?.imports ?? []) if (!external) files.add(path);
  }
  return [...files].map((file) => outputs[file]).filter((output) => output !== undefined);
}

/** What a process holds or asks for that it must not have; empty when it is right. */
function findStrangers({ name, entry, host, foreign }, { outputs }) {
  const known = new Set([...builtinModules, ...builtinModules.map((module) => `node:${module}`), ...host]);
  const files = filesOf(entry, outputs);
  const inputs = files.flatMap((output) => Object.keys(output.inputs)).filter((path) => foreign.test(path));
  const missing = files
    .flatMap((output) => output.imports)
    .filter((imported) => imported.external && !known.has(imported.path))
    .map((imported) => imported.path);
  return [
    ...inputs.map((path) => `${name}: ${path} must not be part of it`),
    ...[...new Set(missing)].map((path) => `${name}: '${path}' is imported and is not there at run time`),
  ];
}

const failOnStrangers = (pass) => ({
  name: 'fail-on-strangers',
  setup(build) {
    build.onEnd((result) => {
      const { metafile, warnings } = result;
      const strangers = metafile ? pass.processes.flatMap((process) => findStrangers(process, metafile)) : [];
      const names = pass.processes.map(({ name }) => name).join(', ');
      const refused = warnings.map(({ text }) => `${names}: a warning is not accepted: ${text}`);
      const errors = [...strangers, ...refused].map((text) => ({ text }));
      // esbuild fails on these but prints only its own.
      for (const { text } of errors) console.error(text);
      return { errors };
    });
  },
});

const withChecks = (pass) => ({ ...pass.options, plugins: [failOnStrangers(pass), ...(pass.options.plugins ?? [])] });

/** The licence texts of all packages that are in a bundle or are copied. */
function collectLicenses(metafiles) {
  // The licence of its native part, which is a package of its own, is in koffi itself.
  const copied = [...COPIES.map(([from]) => from), CODICONS, 'node_modules/koffi/package.json'];
  const paths = [...metafiles.flatMap((metafile) => Object.keys(metafile.inputs)), ...copied];
  const folders = paths.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort().map((path) => {
    const folder = join(root, path);
    const { name, version, ...said } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    // Older packages have a list.
    const license = said.license ?? said.licenses?.map(({ type }) => type).join(' or ');
    const files = readdirSync(folder).filter((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const texts = files.map((entry) => readFileSync(join(folder, entry), 'utf8').trim());
    return `${name} ${version} (${license})\n\n${texts.join('\n\n')}`;
  });
}

function filesUnder(path) {
  if (path.endsWith('.mjs') || path.endsWith('.json')) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function hashSources(production) {
  const hash = createHash('sha256').update(production ? 'production' : 'development');
  for (const path of SOURCES.flatMap((source) => filesUnder(join(root, source))).sort()) {
    hash.update(`\0${relative(root, path)}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** True if the last build ended well, was made of the present sources, and all that it wrote is still there. */
function isUpToDate(production) {
  if (!existsSync(stamp)) return false;
  const { hash, written } = JSON.parse(readFileSync(stamp, 'utf8'));
  return hash === hashSources(production) && written.every((path) => existsSync(join(root, path)));
}

/** Removes what an earlier build left and this one did not write. */
function removeStale(written) {
  const keep = new Set(written.map((path) => resolve(root, path)));
  for (const path of filesUnder(dist)) if (!keep.has(path)) rmSync(path);
}

function copyFiles() {
  mkdirSync(join(dist, 'webview'), { recursive: true });
  for (const [from, to] of COPIES) cpSync(join(root, from), join(root, to));
}

async function build(production) {
  const hash = hashSources(production);
  rmSync(stamp, { force: true });
  copyFiles();
  await packIcons();
  const packed = packNative();
  const results = await Promise.all(passes(production).map((pass) => esbuild.build(withChecks(pass))));
  const metafiles = results.map((result) => result.metafile);
  writeFileSync(
    join(dist, 'THIRD-PARTY-LICENSES.txt'),
    collectLicenses(metafiles).join(`\n\n${'-'.repeat(80)}\n\n`) + '\n',
  );
  chmodSync(join(dist, 'cli.js'), 0o755);
  const outputs = metafiles.flatMap((metafile) => Object.keys(metafile.outputs));
  const written = [
    ...outputs,
    ...COPIES.map(([, to]) => to),
    ...ICON_FILES,
    ...packed,
    'dist/THIRD-PARTY-LICENSES.txt',
  ];
  removeStale(written);
  writeFileSync(stamp, JSON.stringify({ hash, written }));
  for (const path of outputs) {
    console.log(`${path.padEnd(44)} ${(statSync(join(root, path)).size / 1024).toFixed(1).padStart(8)} KB`);
  }
}

async function watch(production) {
  copyFiles();
  await packIcons();
  packNative();
  rmSync(stamp, { force: true });
  for (const pass of passes(production)) {
    const context = await esbuild.context({ ...withChecks(pass), logLevel: 'info' });
    await context.watch();
  }
  console.log('Watching. End with Ctrl-C.');
}

const known = ['--production', '--watch', '--if-needed'];
const unknown = process.argv.slice(2).filter((option) => !known.includes(option));
const given = (option) => process.argv.includes(option);
const fail = (text) => {
  console.error(text);
  process.exitCode = 1;
};

if (unknown.length > 0) {
  fail(`Unknown option ${unknown.join(' ')}. There are: ${known.join(' ')}`);
} else if (given('--watch')) {
  await watch(given('--production'));
} else if (given('--if-needed') && isUpToDate(given('--production'))) {
  console.log('dist/ is up to date.');
} else {
  // esbuild has printed its errors with file and line already: its exception would only repeat them.
  await build(given('--production')).catch((error) =>
    fail(error.errors ? 'Build failed: dist/ is incomplete.' : `Build failed: ${error.stack}`),
  );
}
