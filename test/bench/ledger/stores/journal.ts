import { loadSqlJs } from '../../../../extension/ledger/load-sql-js';
import { openLedger } from '../../../../extension/ledger/open-ledger';
import { advanceRows } from '../rows';
import type { LoadStore } from '../store';

/** Interlock's ledger as its windows open it. */
export const loadJournal: LoadStore = async ({ directory, sqlJs: folder }) => {
  const sqlJs = await loadSqlJs(folder);
  return async () => {
    const ledger = await openLedger({ directory, sqlJs: () => Promise.resolve(sqlJs) });
    return {
      async advance(id, run) {
        const seen = ledger.read.item(id);
        if (!seen) throw new Error(`the ledger has no ${id}`);
        const { item, transition, verdict } = advanceRows(seen, run);
        const { ok } = await ledger.commit({
          actor: 'person:bench',
          event: 'advance',
          pre: [['items', id, { stage: seen.stage, rev: seen.rev }]],
          put: [
            ['items', item],
            ['transitions', transition],
            ['verdicts', verdict],
          ],
        });
        return ok ? 'done' : 'lost';
      },
      revision: (id) => ledger.read.item(id)?.rev ?? 0,
      onChange: (listener) => ledger.onChange(listener),
      close: () => ledger.close(),
    };
  };
};
