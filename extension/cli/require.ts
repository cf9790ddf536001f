import type { LoadedConfig } from '../config/project-config';
import type { Engine } from '../engine';
import { LedgerError } from '../ledger/errors';
import type { ItemRow } from '../ledger/rows';
import { cliError } from './cli-error';
import { nearest } from './nearest';
import { texts } from './texts';

/** The item's row. Throws CliError `no-such-item`, naming the nearest id. */
export function requireItem(engine: Engine, id: string): ItemRow {
  const item = engine.read.item(id);
  if (item) return item;
  const ids = engine.read.items().map((row) => row.id);
  throw cliError('no-such-item', texts.noSuchItem(id, nearest(id, ids), ids.length));
}

/** Throws the ledger's own error before anything is started that could not be recorded. */
export function requireWritable(engine: Engine): void {
  const health = engine.ledgerHealth;
  if (health.mode === 'read-only') throw new LedgerError(health.code, health.reason, health.remedy);
}

/** The configuration of the base branch. Throws CliError `config-invalid` with every place that is wrong. */
export async function requireConfig(engine: Engine): Promise<LoadedConfig> {
  const reading = await engine.config();
  if (reading.ok) return reading.loaded;
  throw cliError('config-invalid', texts.configInvalid(reading.problems), { problems: reading.problems });
}

/** Throws CliError `no-such-stage`, naming the nearest, unless the project has this stage. */
export function requireStage({ config }: LoadedConfig, stage: string | undefined): void {
  if (stage === undefined || config.stages.some((name) => name === stage)) return;
  throw cliError('no-such-stage', texts.noSuchStage(stage, nearest(stage, config.stages), config.stages));
}
