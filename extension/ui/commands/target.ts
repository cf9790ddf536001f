import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import { refOf, type ItemRef } from './item-ref';
import { pickItem, type Fits } from './pick-item';

/**
 * The item that a command is for: its argument, else the report panel that has the focus, else what is selected in the tree
 * while that can be seen, else what the person chooses.
 */
export async function targetOf(
  world: CommandWorld,
  argument: unknown,
  question: string,
  fits: Fits = (condition) => condition !== 'done',
): Promise<ItemRef | undefined> {
  await world.repositories.ready();
  const named = refOf(argument, world.repositories);
  if (named) return named;
  const panel = refOf(world.panels.active(), world.repositories);
  if (panel) return panel;
  const selected = world.view.visible ? refOf(world.view.selection[0], world.repositories) : undefined;
  if (selected) {
    const { read } = selected.repository.engine;
    const item = read.item(selected.item);
    if (item && fits(item.condition, item.id, read)) return selected;
  }
  return pickItem(world.repositories, question || messages.chooseItem(), fits);
}
