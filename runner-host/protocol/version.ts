/** The protocol's version. A client and a host speak only if these are equal; a client drains and replaces an older host. */
export const PROTOCOL_VERSION = 2;
