/** What decides how tests run, where `test.protected` names nothing else. A name without `/` means the file wherever it lies. */
export const DEFAULT_PROTECTED: readonly string[] = [
  'package.json#/scripts',
  'package.json#/jest',
  'package.json#/mocha',
  'package.json#/ava',
  'package.json#/type',
  '.npmrc',
  '.yarnrc*',
  '.mocharc*',
  '{jest,vitest,vite,playwright,cypress,karma,babel}.{config,conf,workspace}.*',
  'vitest.workspace.*',
  'conftest.py',
  'sitecustomize.py',
  'usercustomize.py',
  '{pytest.ini,tox.ini,setup.cfg,pyproject.toml,noxfile.py}',
  '.cargo/**',
  'build.rs',
  'Makefile',
  '{build.gradle,settings.gradle}*',
  'pom.xml',
  '.mvn/**',
  '*.runsettings',
  '.github/**',
  '.gitlab-ci.yml',
  '.circleci/**',
  'azure-pipelines.yml',
  'Jenkinsfile',
];

/** What counts as a test file, where `test.files` names nothing else. */
export const DEFAULT_TEST_FILES: readonly string[] = [
  '*.{test,spec}.*',
  '**/{__tests__,test,tests,spec,e2e}/**',
  'test_*.py',
  '*_test.{py,go,rs}',
  '*{Test,Tests,Spec,IT}.{java,kt,groovy,scala,cs}',
];
