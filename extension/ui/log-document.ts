import { join } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { RunId } from '../../runner-host/protocol/run-spec';
import * as messages from './messages';
import { readTail } from './read-tail';
import type { Repositories } from './repositories';
import { stripEscapes } from './strip-escapes';

export const LOG_SCHEME = 'interlock-log';
/** VS Code opens larger documents slowly; the end of a log is what people look for. */
const SHOWN_BYTES = 5 * 1024 * 1024;

/** VS Code keeps addresses over a reload and hands them back: foreign text. */
const Query = z.strictObject({ repository: z.string(), run: RunId });

/** The address of a run's log document; the repository travels in the query, for the tab shows the path. */
export function logUri(repository: string, item: string, run: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: LOG_SCHEME,
    path: `/${item} ${run}.log`,
    query: JSON.stringify({ repository, run }),
  });
}

/** Serves the end of `output.log` as plain text: read-only, without escape sequences. */
export class LogDocuments implements vscode.TextDocumentContentProvider {
  constructor(private readonly repositories: Repositories) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { repository, run } = Query.parse(JSON.parse(uri.query));
    await this.repositories.ready();
    const engine = this.repositories.get(repository)?.engine;
    if (!engine) return messages.logGone(run);
    const path = join(engine.repository.stateDir, 'runs', run, 'output.log');
    const tail = await readTail(path, SHOWN_BYTES);
    if (!tail) return messages.logGone(run);
    const head = tail.cut > 0 ? `${messages.logCut(tail.cut, path)}\n\n` : '';
    return head + stripEscapes(tail.text);
  }
}
