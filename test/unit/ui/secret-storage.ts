import type { SecretStorage } from 'vscode';

/** VS Code's secret storage, as far as we use it, in memory. */
export function inMemory(): Pick<SecretStorage, 'get' | 'store' | 'delete'> & { entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    get: async (key) => entries.get(key),
    store: async (key, value) => void entries.set(key, value),
    delete: async (key) => void entries.delete(key),
  };
}
