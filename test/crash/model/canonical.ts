import { textOf } from './journal';
import { nameOf, type Operation, type State, type Writer } from './state';

const MASK = '_';

/**
 * Gives a text that is the same for two states only if nothing that can follow tells them apart. Processes with the same
 * script differ in their names alone: they are put in an order of their own and get their names by it.
 */
export function canonicalizer(scripts: readonly (readonly Operation[])[]): (state: State) => string {
  const classes = scripts.map((script) => scripts.findIndex((other) => String(other) === String(script)));
  const symmetric = new Set(classes).size < scripts.length;

  /** Which process takes which place: those of one class are sorted among their own places. */
  function orderOf(writers: readonly string[]): number[] {
    const keys = writers.map((text, index) => text.replaceAll(nameOf(index), MASK));
    const order = [...keys.keys()];
    for (const [place, own] of classes.entries()) {
      for (let other = place + 1; other < order.length; other++) {
        const [a, b] = [order[place] ?? place, order[other] ?? other];
        if (classes[other] === own && (keys[b] ?? '') < (keys[a] ?? '')) [order[place], order[other]] = [b, a];
      }
    }
    return order;
  }

  return ({ journal, writers, left, answers, lateActs }) => {
    const texts = writers.map(textOfWriter);
    const order = symmetric ? orderOf(texts) : [...texts.keys()];
    const { crashes, restarts, powerCuts, shortWrites, failedFlushes } = left;
    const mishaps = [crashes, restarts, powerCuts, shortWrites, failedFlushes].join();
    const file = `${journal.bytes}\n${journal.safety}\n${mishaps}`;
    const named = [...order.map((index) => texts[index]), journal.contents.text, lateActs.join()].join('\n');
    const told = answers.map((answer) => answer.join());
    if (order.every((index, place) => index === place)) return [file, named, ...told].join('\n');
    const names = new Map(order.map((index, place) => [nameOf(index), nameOf(place)]));
    const rename = (text: string) => text.replace(/[P-R]/g, (name) => names.get(name) ?? name);
    return [file, rename(named), ...told.map(rename).sort()].join('\n');
  };
}

function textOfWriter(writer: Writer): string {
  const { phase, life, at, lines, end, tx, own, rest, flushed, flushWillFail, doubt, token } = writer;
  const flags = `${flushWillFail ? 'f' : ''}${doubt ? 'd' : ''}`;
  return `${phase},${life},${at},${lines},${end},${textOf(tx)},${own},${rest},${flushed},${flags},${token}`;
}
