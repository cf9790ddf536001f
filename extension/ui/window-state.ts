import type { ConfigStanding } from './config-standing';
import type { FolderProblem } from './folder-problem';

/** What an empty view explains; each value has its own welcome text in package.json. */
export type WindowState =
  | 'untrusted'
  | 'no-folder'
  | 'opening'
  | 'no-repository'
  | 'no-commits'
  | 'ledger'
  | 'failed'
  | 'no-configuration'
  | 'uncommitted-configuration'
  | 'broken-configuration'
  | 'read-only'
  | 'ready';

export interface WindowFacts {
  trusted: boolean;
  folders: number;
  opening: boolean;
  problems: readonly FolderProblem[];
  repositories: readonly { readOnly: boolean; config: ConfigStanding }[];
}

/** The one thing that the window has to say; the first that applies, what stops the most first. */
export function windowState({ trusted, folders, opening, problems, repositories }: WindowFacts): WindowState {
  if (!trusted) return 'untrusted';
  if (folders === 0) return 'no-folder';
  if (repositories.length === 0) {
    if (opening) return 'opening';
    switch (problems[0]?.kind) {
      case 'no-commits':
        return 'no-commits';
      case 'ledger':
        return 'ledger';
      case 'other':
        return 'failed';
      default:
        return 'no-repository';
    }
  }
  if (repositories.some((repository) => repository.readOnly)) return 'read-only';
  const standings = new Set(repositories.map((repository) => repository.config));
  if (standings.has('ok')) return 'ready';
  if (standings.has('broken')) return 'broken-configuration';
  return standings.has('uncommitted') ? 'uncommitted-configuration' : 'no-configuration';
}
