import { describe, expect, it } from "vitest";
import { jwt } from "./jwt.ts";

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

async function detailOf(iss: string): Promise<unknown> {
  const { authenticate } = jwt({ issuer: "https://login.example.com", jwks: { keys: [{ kty: "RSA" }] } });
  const token = `${encode({ alg: "RS256" })}.${encode({ iss })}.AA`;
  const headers = new Headers({ authorization: `Bearer ${token}` });
  const url = "http://localhost/mcp";
  const result = await authenticate({ method: "POST", url, headers }, url);
  expect(result).toMatchObject({ kind: "rejected", error: "invalid_token" });
  return (result as { readonly detail?: string }).detail;
}

describe("jwt", () => {
  it("names both issuers in the log if they differ by a slash at the end", async () => {
    expect(await detailOf("https://login.example.com/")).toBe(
      `the token's issuer is "https://login.example.com/", but the option 'issuer' is "https://login.example.com". Write it exactly as the issuer does.`,
    );
  });

  it("does not log an issuer that a caller makes up", async () => {
    expect(await detailOf("https://evil.example.com/")).toBeUndefined();
  });
});
