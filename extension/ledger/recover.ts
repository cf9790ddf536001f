import { LedgerError } from './errors';
import { errnoOf } from './failures';
import { Replica, type ReplicaOptions } from './replica';
import { listSnapshots, readSnapshot } from './snapshot-files';
import { warmUp } from './view';

/**
 * The newest snapshot that is whole and the journal behind it; else the older one; else the whole journal.
 *
 * A snapshot is made from what was on disk. So one that is whole but does not fit the journal says that the journal was cut or
 * replaced: the view is then that of the journal as it is, and the fault says so.
 * @throws what `Replica.open` throws
 */
export async function recover(options: ReplicaOptions): Promise<Replica> {
  let misfit: LedgerError | undefined;
  for (const groups of listSnapshots(options.files, options.directory)) {
    const reading = await readSnapshot(options.files, options.directory, groups, () => warmUp(options.sqlJs));
    if (!reading.ok) continue;
    try {
      return await Replica.open(options, reading.snapshot);
    } catch (error) {
      if (error instanceof LedgerError && error.code === 'damaged') {
        misfit = error;
        break;
      }
      // The journal cannot be read; anything else is sql.js that cannot open the image.
      if (!(error instanceof LedgerError) && errnoOf(error) !== undefined) throw error;
    }
  }
  const replica = await Replica.open(options);
  replica.fault ??= misfit;
  return replica;
}
