import * as z from 'zod/mini';
import type { OpenRepository, Repositories } from '../repositories';

/** An item that a command works on, and the run if one was named. */
export interface ItemRef {
  repository: OpenRepository;
  item: string;
  run: string | null;
}

/** A node of the tree or what the extension itself passes; other keys are none of our business. */
const Argument = z.object({ repository: z.string(), item: z.string(), run: z.optional(z.nullable(z.string())) });

/** The item that a command's argument names: a node of the tree, or an id as a keybinding gives it. */
export function refOf(argument: unknown, repositories: Repositories): ItemRef | undefined {
  if (typeof argument === 'string') {
    const repository = repositories.all.find(({ engine }) => engine.read.item(argument) !== undefined);
    return repository && { repository, item: argument, run: null };
  }
  const parsed = Argument.safeParse(argument);
  if (!parsed.success) return undefined;
  const repository = repositories.get(parsed.data.repository);
  return repository && { repository, item: parsed.data.item, run: parsed.data.run ?? null };
}
