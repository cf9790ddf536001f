import type { Reason } from '../outcome';

/** Whether an actor is a person: at a window, or at a terminal. Whoever is not known to be one is none. */
export const isPerson = (actor: string): boolean => /^(person|cli):./.test(actor);

export function refuseAgent(actor: string, what: string): { ok: false; reason: Reason } {
  return {
    ok: false,
    reason: {
      code: 'person-needed',
      text: `only a person may ${what}, and ${actor} is none`,
      remedy: 'Ask a person to look at it.',
    },
  };
}
