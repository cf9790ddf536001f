import tseslint from 'typescript-eslint';

const vscodeOnlyInUi = {
  name: 'vscode',
  message: 'Only extension/ui and extension/extension.ts may import vscode: everything else also runs in a terminal.',
};
const noExtension = {
  regex: '(^|/)extension/',
  message: 'The side that runs foreign code never imports the side that decides.',
};
const onlyProtocol = {
  regex: 'runner-host/(?!protocol/)',
  message: 'The deciding side knows the runner host by its protocol alone.',
};
const noUi = { regex: '(^|/)ui/', message: 'ui/ imports the deciding side, never the other way round.' };
const noWebview = { regex: '(^|/)webview/', message: 'Only ui/ talks to the webviews.' };
const noNode = {
  regex: '^(node:|(fs|path|crypto|os|net|child_process)(/|$))',
  message: 'pipeline gets its I/O as arguments: it imports none.',
};

/** Folder by folder: which imports are refused, and why. */
const restrict = (files, { paths = [], patterns = [], ignores = [] }) => ({
  files,
  ignores,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths, patterns }] },
});

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      '.tsbuild/**',
      '.tmp/**',
      'node_modules/**',
      'test/fixtures/**',
      'test/vscode/node_modules/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['extension/**/*.ts', 'runner-host/**/*.ts', 'webview/**/*.ts', 'test/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports: one name for one thing.' },
      ],
      eqeqeq: 'error',
    },
  },
  restrict(['runner-host/protocol/**/*.ts'], {
    patterns: [
      {
        regex: '^(?!(zod/mini$|\\./))',
        message: 'The protocol imports zod alone: both peers must be able to load it anywhere.',
      },
    ],
  }),
  restrict(['runner-host/**/*.ts'], {
    ignores: ['runner-host/protocol/**'],
    paths: [vscodeOnlyInUi],
    patterns: [noExtension, noWebview],
  }),
  restrict(['webview/**/*.ts'], {
    paths: [vscodeOnlyInUi],
    patterns: [
      noExtension,
      { regex: 'runner-host/', message: 'webview is browser code: it knows webview/protocol.ts alone.' },
      noNode,
    ],
  }),
  restrict(['extension/**/*.ts'], {
    ignores: ['extension/ui/**', 'extension/extension.ts', 'extension/pipeline/**'],
    paths: [vscodeOnlyInUi],
    patterns: [onlyProtocol, noUi, noWebview],
  }),
  restrict(['extension/pipeline/**/*.ts'], {
    paths: [vscodeOnlyInUi],
    patterns: [onlyProtocol, noUi, noWebview, noNode],
  }),
  restrict(['extension/ui/**/*.ts', 'extension/extension.ts'], { patterns: [onlyProtocol] }),
  {
    // Not type-checked: these run before anything is installed. A name that does not exist must not wait for its run.
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'Buffer', 'URL', 'setTimeout', 'clearTimeout', 'AbortController'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
    rules: { 'no-undef': 'error' },
  },
);
