import { promisify } from "node:util";
import { gzip } from "node:zlib";
import {
  type BlobResourceContents,
  type ContentBlock,
  type Context,
  defineResource,
  file,
  type Min,
  type Int,
  resource,
  resourceLink,
  type Server,
  type TextResourceContents,
  tool,
  ToolError,
  type Url,
} from "methodic";
import { contentsOf } from "./contents.ts";

const README = "https://raw.githubusercontent.com/modelcontextprotocol/servers/refs/heads/main/README.md";
const ALLOWED = (process.env["GZIP_ALLOWED_DOMAINS"] ?? "")
  .toLowerCase()
  .split(/[\s,]+/)
  .filter(Boolean);
const MAX_BYTES = Number(process.env["GZIP_MAX_FETCH_SIZE"] ?? 10 * 1024 * 1024);
const MAX_MILLIS = Number(process.env["GZIP_MAX_FETCH_TIME_MILLIS"] ?? 30_000);

interface Compression {
  /** Name of the compressed file */
  name?: string;
  /** URL of the file, or a data URL */
  data?: Url;
  /** A link to the compressed file, or the file itself */
  outputType?: "resourceLink" | "resource";
}

export class Resources {
  readonly #server: () => Server;

  /** @param server Returns the server, to which compressed files are added */
  constructor(server: () => Server) {
    this.#server = server;
  }

  /** A text that is made up for an ID. @param resourceId A positive integer */
  @resource("demo://resource/dynamic/text/{resourceId}", { mimeType: "text/plain" })
  dynamicTextResource(resourceId: Int & Min<1>): TextResourceContents {
    return contentsOf("Text", resourceId) as TextResourceContents;
  }

  /** A blob that is made up for an ID. @param resourceId A positive integer */
  @resource("demo://resource/dynamic/blob/{resourceId}", { mimeType: "application/octet-stream" })
  dynamicBlobResource(resourceId: Int & Min<1>): BlobResourceContents {
    return contentsOf("Blob", resourceId) as BlobResourceContents;
  }

  /** Compresses a file with gzip. @title GZip File as Resource Tool */
  @tool({
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  })
  async gzipFileAsResource(
    { name = "README.md.gz", data = README, outputType = "resourceLink" }: Compression,
    ctx: Context,
  ): Promise<ContentBlock> {
    const bytes = await download(new URL(data), ctx.signal).catch((error: Error) => {
      throw new ToolError(`Error processing file ${data}: ${error.message}`);
    });
    const uri = `demo://resource/session/${name}`;
    const compressed = await promisify(gzip)(bytes);
    const { resources } = this.#server();
    resources.remove(uri);
    resources.add(defineResource({ uri, name, mimeType: "application/gzip", read: () => compressed }));
    return outputType === "resource"
      ? file(uri, compressed, "application/gzip")
      : resourceLink(uri, { name, mimeType: "application/gzip" });
  }
}

/** Downloads a file within the limits that the environment sets. */
async function download(url: URL, signal: AbortSignal): Promise<Uint8Array> {
  if (!["http:", "https:", "data:"].includes(url.protocol))
    throw new Error(`Unsupported URL protocol for ${url}. Only http, https, and data URLs are supported.`);
  const isAllowed = ALLOWED.some((domain) => url.hostname === domain || url.hostname.endsWith(`.${domain}`));
  if (url.protocol !== "data:" && ALLOWED.length > 0 && !isAllowed)
    throw new Error(`Domain ${url.hostname} is not in the allowed domains list.`);
  const { body } = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(MAX_MILLIS)]) });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(`Response from ${url} exceeds ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
