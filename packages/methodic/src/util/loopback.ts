/** The host names of the local machine, as URLs write them. */
export const LOOPBACK_HOSTS: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/** Checks whether a host name is one of the local machine's, whatever address it stands for. */
export function isLoopbackHost(name: string): boolean {
  return LOOPBACK_HOSTS.includes(name.toLowerCase());
}

/**
 * Checks whether an address is reachable from the local machine only: `localhost`, 127.0.0.0/8 or
 * ::1, with or without brackets, also as an IPv4-mapped IPv6 address.
 */
export function isLoopbackAddress(address: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|\[?::ffff:127(?:\.\d{1,3}){3}\]?)$/i.test(address);
}
