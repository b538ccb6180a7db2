import { expect, it } from "vitest";
import { findShareKey } from "./request.ts";

it.each([
  ["a caller's key", "ada", "10.0.0.1", "ada"],
  ["an address", "", "10.0.0.1", "10.0.0.1"],
  ["an IPv4-mapped address", "", "::ffff:10.0.0.1", "10.0.0.1"],
  ["the network of an IPv6 address", "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["the network of a shortened IPv6 address", "", "2001:db8::6", "2001:db8:0:0"],
  ["nothing for a loopback address", "", "127.0.0.1", undefined],
  ["nothing for an unknown address", "", undefined, undefined],
] as const)("The key of a share is %s", (_, callerKey, ...[address, key]) => {
  expect(findShareKey(callerKey, address)).toBe(key);
});
