import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import type { EnvironmentProof } from '../protocol/result';
import { isPerRun } from './environment';

export interface ProofRequest {
  /** The command's environment before anything is added that differs from run to run (the write guard's paths and ports). */
  env: Readonly<Record<string, string>>;
  /** Absolute path of the program that is started. */
  program: string;
  worktree: string;
}

/**
 * What the command depends on besides its tree: names and values of its environment and the program that runs it, as one
 * hash. The same in every run of an item on one machine; no value leaves it. A program inside the worktree is known by its
 * tree, one outside by real path, size and time of change, so that a tool replaced in place shows.
 */
export function proveEnvironment({ env, program, worktree }: ProofRequest): EnvironmentProof {
  const variables = Object.keys(env)
    .filter((name) => !isPerRun(name))
    .sort();
  const real = realpathSync(program);
  const way = relative(realpathSync(worktree), real);
  const inside = way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  const { size, mtimeMs } = statSync(real);
  const tool = inside ? ['in-tree', way] : [real, size, mtimeMs];
  const facts = [variables.map((name) => [name, env[name]]), tool, process.platform, process.arch];
  return {
    hash: createHash('sha256').update(JSON.stringify(facts)).digest('hex'),
    variables,
    program: inside ? way : real,
  };
}
