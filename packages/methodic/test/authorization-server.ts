import { createServer, type IncomingMessage, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from "jose";

/** A key of an authorization server. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function createKey(kid: string, alg = "ES256"): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

interface Answer {
  readonly status?: number;
  readonly body?: string;
  readonly location?: string;
}

/** An OAuth authorization server on loopback, as far as a resource server and machine clients see one. */
export class AuthorizationServer {
  readonly #http: HttpServer;
  readonly #path: string;
  /** Requests so far, as `GET /jwks`. */
  readonly requests: string[] = [];
  readonly introspectionCredentials: string[] = [];
  /** Bodies of token requests. */
  readonly tokenRequests: URLSearchParams[] = [];
  keys: SigningKey[] = [];
  /** How the introspection endpoint answers for tokens. */
  introspect: (token: string) => unknown = () => ({ active: false });
  /** Replaces the answers of paths. */
  readonly answers: Map<string, Answer> = new Map();

  private constructor(path: string) {
    this.#path = path;
    this.#http = createServer(async (request, response) => {
      const { status = 200, body, location } = await this.#answer(request);
      response.writeHead(status, { "content-type": "application/json", ...(location && { location }) }).end(body);
    });
  }

  /** @param path The path of its issuer, for servers of many tenants */
  static async start(path = ""): Promise<AuthorizationServer> {
    const server = new AuthorizationServer(path);
    await new Promise<void>((resolve) => server.#http.listen(0, "127.0.0.1", resolve));
    server.keys = [await createKey("first")];
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get issuer(): string {
    return this.origin + this.#path;
  }

  get jwksUri(): string {
    return `${this.origin}/jwks`;
  }

  count(path: string): number {
    return this.requests.filter((request) => request.endsWith(` ${path}`)).length;
  }

  /** Issues a token that is good for an hour, but for what is said otherwise; `undefined` leaves a claim out. */
  async issue(
    claims: { readonly [claim: string]: unknown } = {},
    {
      key = this.keys[0]!,
      header = {},
    }: { readonly key?: SigningKey; readonly header?: Partial<JWTHeaderParameters> } = {},
  ): Promise<string> {
    const all = {
      iss: this.issuer,
      aud: "http://localhost/mcp",
      sub: "ada",
      client_id: "client-1",
      iat: secondsFromNow(0),
      exp: secondsFromNow(3600),
      ...claims,
    };
    const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as JWTPayload;
    return await new SignJWT(payload)
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: "at+jwt", ...header })
      .sign(key.privateKey);
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const path = request.url ?? "";
    this.requests.push(`${request.method} ${path}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const prepared = this.answers.get(path);
    if (prepared) return prepared;
    if (path === `/.well-known/oauth-authorization-server${this.#path}`) return { body: JSON.stringify(this.metadata) };
    if (path === "/jwks") return { body: JSON.stringify({ keys: this.keys.map(({ publicJwk }) => publicJwk) }) };
    if (path === "/introspect") {
      this.introspectionCredentials.push(
        request.headers.authorization ?? `${form.get("client_id")}:${form.get("client_secret")}`,
      );
      return { body: JSON.stringify(this.introspect(form.get("token") ?? "")) };
    }
    if (path === "/token") return { body: JSON.stringify(await this.#grant(form)) };
    return { status: 404 };
  }

  /** The client credentials grant, for the resource and the scopes that are asked for. */
  async #grant(form: URLSearchParams): Promise<object> {
    this.tokenRequests.push(form);
    const scope = form.get("scope") ?? "";
    const token = await this.issue({ aud: form.get("resource") ?? undefined, scope, sub: "machine" });
    return { access_token: token, token_type: "Bearer", expires_in: 3600, scope };
  }

  get metadata(): object {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.origin}/authorize`,
      token_endpoint: `${this.origin}/token`,
      jwks_uri: this.jwksUri,
      response_types_supported: ["code"],
      grant_types_supported: ["client_credentials"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["client_secret_basic"],
    };
  }
}
