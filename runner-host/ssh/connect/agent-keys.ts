import type { BaseAgent, IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import type { Ssh2Module } from './load-ssh2';

export interface AgentOrder {
  /** Public keys of identity files whose private half only the agent has. */
  first: readonly Buffer[];
  /** Tried already: a server counts every attempt, and ends the connection after six. */
  without: readonly Buffer[];
  onlyFirst: boolean;
}

/** The agent behind a socket, with its keys in the order in which they are to be offered. */
export function orderedAgent(ssh2: Ssh2Module, socket: string, order: AgentOrder): BaseAgent {
  const inner = ssh2.createAgent(socket);
  class OrderedAgent extends ssh2.BaseAgent<ParsedKey> {
    override getIdentities(answer: IdentityCallback<ParsedKey>): void {
      inner.getIdentities((error, keys) => {
        // The client takes an error or a list.
        if (error) (answer as (error: Error) => void)(error);
        else answer(undefined, arrange((keys ?? []) as ParsedKey[], order));
      });
    }
    override sign(
      key: ParsedKey,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      answer?: SignCallback,
    ): void {
      inner.sign(key, data, options as SigningRequestOptions, answer);
    }
  }
  return new OrderedAgent() as BaseAgent;
}

function arrange(keys: readonly ParsedKey[], { first, without, onlyFirst }: AgentOrder): ParsedKey[] {
  const has = (list: readonly Buffer[], key: ParsedKey): boolean => list.some((one) => one.equals(key.getPublicSSH()));
  const open = keys.filter((key) => !has(without, key));
  const named = open.filter((key) => has(first, key));
  return onlyFirst ? named : [...named, ...open.filter((key) => !named.includes(key))];
}
