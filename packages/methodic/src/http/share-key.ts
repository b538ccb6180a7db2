import { isLoopbackAddress } from "../util/loopback.ts";

/**
 * Returns the key of a caller's share of the limits: the key of an authenticated caller, or else
 * the network that the request comes from. Undefined if the caller cannot be told apart from
 * others: a loopback address may stand for all clients of a proxy on this machine.
 */
export function findShareKey(callerKey: string, remoteAddress: string | undefined): string | undefined {
  if (callerKey !== "") return callerKey;
  return remoteAddress === undefined || isLoopbackAddress(remoteAddress) ? undefined : networkOf(remoteAddress);
}

/**
 * Returns an IPv4 address, or the first 64 bits of an IPv6 address: a host may choose the others.
 */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head = "", tail = ""] = address.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: Math.max(8 - head.length - tail.length, 0) }, () => "0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}
