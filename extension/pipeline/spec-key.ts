import { TestRunSpec } from '../../runner-host/protocol/run-spec';
import { sha256 } from '../artifacts/hash';

/**
 * sha256 over all that decides how a suite ends but tree and environment: the specification without whose run it is.
 * @param spec as a job holds it
 */
export function specKey(spec: string): string {
  const parsed = TestRunSpec.parse(JSON.parse(spec));
  const {
    run: _,
    item: _item,
    worktree: _worktree,
    artifacts: _folder,
    head: _head,
    scratch: _scratch,
    ...rest
  } = parsed;
  return sha256(JSON.stringify(rest));
}
