import type { Tx } from './journal';
import { replay, valueOf } from './replay';
import { nameOf, ownerLives, tokenOf, type Answer, type Operation, type Rules, type State, type Writer } from './state';

/** What is asked of the lease is asked after a look at it; everything else by a caller who may have looked long ago. */
export function looksFirst(operation: Operation): boolean {
  return operation === 'take' || operation === 'take away' || operation === 'act';
}

/**
 * The transactions that a caller asks for who has seen these lines.
 * Empty when there is nothing to ask: the lease is somebody else's.
 */
export function formTransactions(
  state: State,
  index: number,
  operation: Operation,
  lines: string,
  rules: Rules,
): readonly Tx[] {
  const writer = state.writers[index];
  if (!writer) return [];
  const { rows } = replay(state.journal, lines, rules.recheck);
  const id = `${nameOf(index)}${writer.life}.${writer.at}`;
  const hot = valueOf(rows, 'hot');
  const lease = valueOf(rows, 'lease');
  const { token } = writer;
  const advance = (): Tx => {
    const next = String(Number(hot) + 1);
    return {
      id,
      pre: [['hot', hot]],
      put: [
        ['hot', next],
        [`history ${next}`, id],
      ],
      under: '',
    };
  };
  switch (operation) {
    case 'advance':
      return [advance()];
    case 'advance two': {
      const row = `row ${nameOf(index)}`;
      const own = valueOf(rows, row);
      return [advance(), { id: `${id}+`, pre: [[row, own]], put: [[row, id]], under: '' }];
    }
    case 'advance leased': {
      if (token === '') return [];
      const tx = advance();
      return [{ ...tx, pre: rules.fencing ? [...tx.pre, ['lease', token]] : tx.pre, under: token }];
    }
    case 'take': {
      if (lease !== '' && rules.judgeOwner && ownerLives(state, lease)) return [];
      return [
        { id, pre: rules.breakByToken ? [['lease', lease]] : [], put: [['lease', tokenOf(index, writer)]], under: '' },
      ];
    }
    case 'renew':
      return token === '' ? [] : [{ id, pre: [['lease', token]], put: [['lease', token]], under: token }];
    case 'release':
      return token === '' ? [] : [{ id, pre: [['lease', token]], put: [['lease', '']], under: token }];
    case 'take away':
      return lease === '' ? [] : [{ id, pre: [['lease', lease]], put: [['lease', '']], under: '' }];
    case 'act':
    case 'look':
      return [];
  }
}

/** The token that a process believes to hold once an operation was answered. */
export function tokenAfter(writer: Writer, index: number, operation: Operation, answer: Answer): string {
  switch (operation) {
    case 'take':
      return answer === 'won' ? tokenOf(index, writer) : '';
    case 'renew':
      return answer === 'lost' ? '' : writer.token;
    case 'release':
      return '';
    case 'advance':
    case 'advance two':
    case 'advance leased':
    case 'act':
    case 'take away':
    case 'look':
      return writer.token;
  }
}
