/** The deciding process is gone: nothing that it would do from here on happens. */
export class Died extends Error {
  override readonly name = 'Died';
}

/**
 * Where a process dies: at its n-th call to the world outside, right before the call has its effect or right after.
 * `stalls`: it stands still there until another one, to whom it looked dead, has done its work; then it goes on.
 */
export interface Death {
  at: number;
  when: 'before' | 'after' | 'stalls';
}

/** The life of one deciding process: every call that has an effect outside its memory goes through it. */
export class Life {
  dead = false;
  private calls = 0;
  private death: Death | undefined;

  /** @param onStall resolves when it goes on */
  constructor(private readonly onStall: () => Promise<void>) {}

  /** Counts anew; undefined: it lives on. */
  sentence(death: Death | undefined): void {
    this.calls = 0;
    this.death = death;
  }

  async call<T>(effect: () => Promise<T>): Promise<T> {
    if (this.dead) throw new Died();
    const last = this.death !== undefined && ++this.calls === this.death.at;
    if (last && this.death?.when === 'before') this.end();
    if (last && this.death?.when === 'stalls') await this.onStall();
    const result = await effect();
    if (last && this.death?.when === 'after') this.end();
    return result;
  }

  /** The same object, each of whose named methods is a call of this life. */
  wrap<T extends object>(port: T, methods: readonly (keyof T)[]): T {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const bound = value.bind(target) as (...given: unknown[]) => unknown;
        if (!methods.includes(name as keyof T)) return bound;
        return (...given: unknown[]) => this.call(async () => bound(...given));
      },
    });
  }

  private end(): never {
    this.dead = true;
    throw new Died();
  }
}
