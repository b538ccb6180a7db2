import type { HttpRequest } from "./request.ts";

/** Where HTTP+SSE is served: beside the MCP endpoint. */
export class SsePaths {
  readonly stream: string;
  readonly messages: string;
  readonly #publicMessages: string | undefined;

  constructor({ path, publicUrl }: { readonly path: string; readonly publicUrl: URL | undefined }) {
    this.stream = besides(path, "sse");
    this.messages = besides(path, "messages");
    this.#publicMessages = publicUrl && besides(publicUrl.pathname, "messages");
  }

  /** Where the client that opens a stream has to send its messages, under the prefix that it came with. */
  findMessages({ url }: Pick<HttpRequest, "url">): string {
    const { pathname } = new URL(url);
    return this.#publicMessages ?? (/\/sse\/?$/.test(pathname) ? besides(pathname, "messages") : this.messages);
  }
}

/** Another last segment. */
function besides(path: string, name: string): string {
  return path.replace(/[^/]*\/?$/, name);
}
