import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import {
  type BlobResourceContents,
  type ContentBlock,
  type Context,
  type Min,
  type Int,
  resource,
  ResourceError,
  resourceLink,
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
  readonly #documents: string;
  readonly #files = new Map<string, string>();

  /** @param documents The folder of the documents */
  constructor(documents: string) {
    this.#documents = documents;
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

  /** A document of the server. */
  @resource("demo://resource/static/document/{name}", { list: "listDocuments", mimeType: "text/markdown" })
  document(name: string): string {
    if (!this.listDocuments().includes(name)) throw new ResourceError(`Document '${name}' not found.`);
    return readFileSync(`${this.#documents}/${name}`, "utf8");
  }

  listDocuments(): string[] {
    return readdirSync(this.#documents);
  }

  /** A file that a tool has compressed. */
  @resource("demo://resource/session/{name}", { list: "listFiles", mimeType: "application/gzip" })
  file(name: string): BlobResourceContents {
    const blob = this.#files.get(name);
    if (blob === undefined) throw new ResourceError(`File '${name}' not found.`);
    return { uri: `demo://resource/session/${name}`, mimeType: "application/gzip", blob };
  }

  listFiles(): string[] {
    return [...this.#files.keys()];
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
    this.#files.set(name, (await promisify(gzip)(bytes)).toString("base64"));
    ctx.notify.resourcesChanged();
    const resource = this.file(name);
    return outputType === "resource"
      ? { type: "resource", resource }
      : resourceLink(resource.uri, { name, mimeType: "application/gzip" });
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
