/** `lost`: another process was faster. `failed`: the store refused (SQLITE_BUSY), and nothing was written. */
export type Outcome = 'done' | 'lost' | 'failed';

/** One way to keep the items, as one process has it open. */
export interface Store {
  /** How often it refused to be opened before it was. */
  readonly refusedOpens?: number;
  /**
   * Moves an item on by one revision from what this process sees of it, with a line of history and a verdict, all or nothing.
   * Resolves when it is on disk.
   */
  advance(item: string, run: string): Promise<Outcome>;
  /** The item's revision as this process sees it now. */
  revision(item: string): number;
  /** Calls back when another process may have written. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

export const STORES = ['raw', 'raw-async', 'journal', 'sql.js', 'better-sqlite3', 'node:sqlite'] as const;
export type StoreName = (typeof STORES)[number];

export interface StoreSettings {
  /** The folder of this store's files: a copy of a seed. */
  directory: string;
  /** Where `sql-wasm.js` and `sql-wasm.wasm` are. */
  sqlJs: string;
  /** Bytes that the raw stores append for a transaction. */
  lineBytes: number;
}

/** Loads what the store is made of, so that opening can be timed without it. */
export type LoadStore = (settings: StoreSettings) => Promise<() => Promise<Store>>;
