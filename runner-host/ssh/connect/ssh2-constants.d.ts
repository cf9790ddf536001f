/** What the client offers by itself, which it shows nowhere else; a name that it does not know would throw. */
declare module 'ssh2/lib/protocol/constants.js' {
  const constants: { DEFAULT_SERVER_HOST_KEY: readonly string[] };
  export = constants;
}
