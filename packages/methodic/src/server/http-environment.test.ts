import { describe, expect, it } from "vitest";
import { readHttpEnvironment } from "./http-environment.ts";

describe("readHttpEnvironment", () => {
  it("reads all variables", () => {
    expect(
      readHttpEnvironment({
        PORT: "8080",
        HOST: "0.0.0.0",
        MCP_PATH: "/v1/mcp",
        MCP_ALLOWED_HOSTS: "mcp.example.com, *.example.org,",
        MCP_ALLOWED_ORIGINS: "*",
        MCP_PUBLIC_URL: "https://mcp.example.com/v1",
        OTHER: "x",
      }),
    ).toEqual({
      port: 8080,
      host: "0.0.0.0",
      path: "/v1/mcp",
      allowedHosts: ["mcp.example.com", "*.example.org"],
      allowedOrigins: ["*"],
      publicUrl: "https://mcp.example.com/v1",
    });
  });

  it("shows the invalid entry of a list alone", () => {
    expect(() => readHttpEnvironment({ MCP_ALLOWED_HOSTS: "mcp.example.com, a b" })).toThrow(
      'Invalid environment variable MCP_ALLOWED_HOSTS: "a b". It must be a host without scheme and path, such as "mcp.example.com". Correct it, or unset it.',
    );
  });

  it("ignores empty variables", () => {
    expect(readHttpEnvironment({ PORT: "", HOST: " ", MCP_PATH: undefined })).toEqual({});
  });

  it("accepts port 0 and IPv6 addresses", () => {
    expect(readHttpEnvironment({ PORT: "0", HOST: "::1" })).toEqual({ port: 0, host: "::1" });
  });

  it.each([
    ["PORT", "80a", "must be a port number from 0 to 65535"],
    ["PORT", "65536", "must be a port number from 0 to 65535"],
    ["PORT", "-1", "must be a port number from 0 to 65535"],
    ["HOST", "http://localhost", "must be an IP address or a host name"],
    ["HOST", "local host", "must be an IP address or a host name"],
    ["MCP_PATH", "mcp", 'must be a path that begins with "/"'],
    ["MCP_PATH", "/mcp?x", 'must be a path that begins with "/"'],
    ["MCP_PUBLIC_URL", "mcp.example.com", "must be an https or http URL"],
    ["MCP_PUBLIC_URL", "ftp://mcp.example.com", "must be an https or http URL"],
    ["MCP_ALLOWED_HOSTS", "https://mcp.example.com", "must be a host without scheme and path"],
    ["MCP_ALLOWED_HOSTS", ",", 'must be "*" or a list such as ["mcp.example.com"]'],
    ["MCP_ALLOWED_ORIGINS", "app.example.com", "must be an origin with a scheme"],
  ])("refuses %s=%s", (name, value, problem) => {
    expect(() => readHttpEnvironment({ [name]: value })).toThrow(
      expect.objectContaining({
        code: "INVALID_ENVIRONMENT",
        message: expect.stringContaining(
          `Invalid environment variable ${name}: ${JSON.stringify(value)}. It ${problem}`,
        ) as string,
      }),
    );
  });
});
