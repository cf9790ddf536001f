import fc from 'fast-check';
import type { GitTrouble } from './fake-git';
import { ENDS, type End, type HostTrouble } from './fake-host';
import type { Death } from './mortality';
import { ITEMS, type PersonAction, type World } from './world';

type Trouble = GitTrouble | HostTrouble;
type Person = PersonAction;

export type Command =
  | {
      does: 'advance';
      item: string;
      end: End;
      trouble: Trouble | null;
      meanwhile: (Person | 'push')[];
      death: Death | null;
    }
  | { does: 'reconcile'; trouble: Trouble | null; death: Death | null }
  | { does: 'say'; item: string; what: Person }
  | { does: 'push' | 'land'; item: string }
  | { does: 'wait'; ms: number };

const GIT_TROUBLES: readonly string[] = [
  'git-throws',
  'worktree-missing',
  'worktree-dirty',
  'commit-refused',
  'remote-silent',
] satisfies GitTrouble[];
const isGitTrouble = (trouble: Trouble): trouble is GitTrouble => GIT_TROUBLES.includes(trouble);

/** How much others do to an item while its run goes: enough to hold it, send it back and move it on again. */
const MEANWHILE = 3;

const item = fc.constantFrom(...ITEMS);
const person = fc.constantFrom<Person>('hold', 'release', 'send-back', 'release-lease');
const trouble = fc.option(
  fc.constantFrom<Trouble>(...(GIT_TROUBLES as GitTrouble[]), 'start-refused', 'follow-lost', 'acknowledge-lost'),
  { freq: 3 },
);
const death = fc.option(
  fc.record({ at: fc.integer({ min: 1, max: 16 }), when: fc.constantFrom<Death['when']>('before', 'after', 'stalls') }),
  { freq: 2 },
);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('advance' as const),
      item,
      end: fc.oneof({ weight: 2, arbitrary: fc.constant<End>('green') }, fc.constantFrom(...ENDS)),
      trouble,
      meanwhile: fc.array(fc.oneof(person, fc.constant('push' as const)), { maxLength: MEANWHILE }),
      death,
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('say' as const), item, what: person }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('say' as const), item, what: fc.constant<Person>('release') }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('reconcile' as const), trouble, death }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('push' as const, 'land' as const), item }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.constantFrom(1000, 60_000) }) },
);

export const commands = fc.array(command, { minLength: 8, maxLength: 30 });

export async function obey(world: World, command: Command): Promise<void> {
  switch (command.does) {
    case 'advance': {
      const { item, end, meanwhile } = command;
      world.host.end = end;
      world.host.meanwhile = async () => {
        for (const one of meanwhile) {
          if (one === 'push') world.git.push(`/work/${item}`);
          else await world.say(item, one);
        }
      };
      await withTrouble(world, command.trouble, () => world.advance(item, command.death ?? undefined));
      world.host.meanwhile = async () => undefined;
      return;
    }
    case 'reconcile':
      await withTrouble(world, command.trouble, () => world.reconcile(command.death ?? undefined));
      return;
    case 'say':
      return world.say(command.item, command.what).then(() => world.ledger.refresh());
    case 'push':
      world.git.push(`/work/${command.item}`);
      return;
    case 'land':
      return world.git.land(`/work/${command.item}`);
    case 'wait':
      world.now += command.ms;
  }
}

async function withTrouble(world: World, trouble: Trouble | null, work: () => Promise<unknown>): Promise<void> {
  if (trouble && isGitTrouble(trouble)) world.git.trouble = trouble;
  else if (trouble) world.host.trouble = trouble;
  try {
    await work();
  } finally {
    world.git.trouble = undefined;
    world.host.trouble = undefined;
  }
}
