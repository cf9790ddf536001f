import type { SecretStorage } from 'vscode';
import * as z from 'zod/mini';
import type { StagingSecret, StagingTarget } from '../../../runner-host/protocol/staging';

/** Of each secret its place; VS Code cannot list what it keeps in every version that we run on. */
const INDEX = 'interlock.staging';
const Index = z.array(z.string());

type Host = Pick<StagingTarget, 'host' | 'port' | 'user'>;

/** A secret counts for one host as it is configured, and for one key: never for another host that asks. */
function placeOf({ host, port, user }: Host, secret: StagingSecret | { kind: 'passphrase'; identity: string }): string {
  const of = secret.kind === 'passphrase' ? secret.identity : '';
  return `${INDEX}\u0000${JSON.stringify([user ?? '', host, port ?? 0, secret.kind, of])}`;
}

const Place = z.tuple([z.string(), z.string(), z.int(), z.enum(['passphrase', 'password']), z.string()]);

/** Passphrases and passwords of staging hosts in VS Code's own secret storage: in no file and no setting of ours. */
export class SecretStore {
  constructor(private readonly storage: Pick<SecretStorage, 'get' | 'store' | 'delete'>) {}

  /** Those that worked before on this host. */
  async of(host: Host): Promise<StagingSecret[]> {
    const found: StagingSecret[] = [];
    for (const place of await this.#places()) {
      const parsed = Place.safeParse(parsedJson(place.slice(INDEX.length + 1)));
      if (!parsed.success) continue;
      const [user, name, port, kind, identity] = parsed.data;
      if (name !== host.host || user !== (host.user ?? '') || port !== (host.port ?? 0)) continue;
      const value = await this.storage.get(place);
      if (value === undefined) continue;
      found.push(kind === 'password' ? { kind, value } : { kind, identity, value });
    }
    return found;
  }

  async keep(host: Host, secret: StagingSecret): Promise<void> {
    const place = placeOf(host, secret);
    await this.storage.store(place, secret.value);
    const places = await this.#places();
    if (!places.includes(place)) await this.storage.store(INDEX, JSON.stringify([...places, place]));
  }

  async forget(host: Host, secret: StagingSecret): Promise<void> {
    const place = placeOf(host, secret);
    await this.storage.delete(place);
    await this.#setPlaces((await this.#places()).filter((one) => one !== place));
  }

  /** @returns how many there were */
  async forgetAll(): Promise<number> {
    const places = await this.#places();
    for (const place of places) await this.storage.delete(place);
    await this.#setPlaces([]);
    return places.length;
  }

  async #places(): Promise<string[]> {
    const parsed = Index.safeParse(parsedJson((await this.storage.get(INDEX)) ?? '[]'));
    return parsed.success ? parsed.data : [];
  }

  async #setPlaces(places: readonly string[]): Promise<void> {
    if (places.length === 0) await this.storage.delete(INDEX);
    else await this.storage.store(INDEX, JSON.stringify(places));
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
