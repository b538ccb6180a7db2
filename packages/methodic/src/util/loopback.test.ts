import { describe, expect, it } from "vitest";
import { isLoopbackAddress, isLoopbackHost } from "./loopback.ts";

describe("isLoopbackAddress", () => {
  it.each(["localhost", "LOCALHOST", "127.0.0.1", "127.255.0.3", "::1", "[::1]", "::ffff:127.0.0.1"])(
    "accepts %s",
    (address) => expect(isLoopbackAddress(address)).toBe(true),
  );

  it.each([
    "",
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "::ffff:10.0.0.1",
    "127.0.0.1.example.com",
    "1127.0.0.1",
    "fe80::1",
    "::11",
  ])("refuses %j", (address) => expect(isLoopbackAddress(address)).toBe(false));
});

describe("isLoopbackHost", () => {
  it("accepts the names of the local machine, without a port", () => {
    expect(["Localhost", "127.0.0.1", "[::1]"].every(isLoopbackHost)).toBe(true);
    expect(["localhost:80", "::1", "127.0.0.2", "example.com"].some(isLoopbackHost)).toBe(false);
  });
});
