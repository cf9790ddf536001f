// A file of its own in what is shipped, which the runner host loads when a host is first reached.
import ssh2 from 'ssh2';
import constants from 'ssh2/lib/protocol/constants.js';

export const { Client, Server, BaseAgent, createAgent, utils } = ssh2;
/** Host key algorithms in the client's own order. */
export const hostKeyAlgorithms: readonly string[] = constants.DEFAULT_SERVER_HOST_KEY;
