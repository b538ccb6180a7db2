import type { Annotations } from "../decorators/definition.ts";
import { MethodicError, reasonOf } from "../errors.ts";
import { typeOfName } from "./media-types.ts";

/** Options of every source of {@link image}, {@link audio} and {@link file}. */
interface MediaOptions {
  /** Default: found in the first bytes, in the name's extension, or in the `Content-Type`. */
  readonly mimeType?: string;
  readonly annotations?: Annotations;
}

/** Media that the program holds already. */
export interface MediaData extends MediaOptions {
  /** Bytes. A string is base64 in {@link image} and {@link audio}, and text in {@link file}. */
  readonly data: Uint8Array | string;
}

/** Media in a file. */
export interface MediaPath extends MediaOptions {
  /**
   * The path, relative to the working directory, or a file URL such as
   * `new URL("chart.png", import.meta.url)`. The file is read with the server's rights and without
   * any check: never pass an argument of a caller without checking it.
   */
  readonly path: string | URL;
  /** Maximum size in bytes. Default 10 MiB. */
  readonly maxBytes?: number;
}

/** Media that another server has. */
export interface MediaUrl extends MediaOptions {
  /**
   * An `http:` or `https:` URL, fetched by this server and without any check: never pass an
   * argument of a caller without checking it.
   */
  readonly url: string | URL;
  /** Maximum size in bytes. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Aborts the download, such as `ctx.signal`. It ends after 30 seconds in any case. */
  readonly signal?: AbortSignal;
}

/** Bytes that were read from a file or URL. */
export interface ReadMedia {
  readonly bytes: Uint8Array;
  /** The type that the name or the other server tells. */
  readonly toldType: string | undefined;
  /** The URI of the file without folders, or the URL without credentials and query. */
  readonly uri: string;
  /** The source for error messages, such as `path "a.png"`. */
  readonly label: string;
}

const MAX_BYTES = 10 * 1024 * 1024;
const DOWNLOAD_TIMEOUT_MS = 30_000;

/**
 * Reads the bytes of a file or URL.
 * @throws MethodicError `MEDIA_UNREADABLE`
 */
export async function readMedia(source: MediaPath | MediaUrl): Promise<ReadMedia> {
  return "path" in source ? readPath(source) : readUrl(source);
}

async function readPath({ path, maxBytes = MAX_BYTES }: MediaPath): Promise<ReadMedia> {
  const label = `path ${JSON.stringify(String(path))}`;
  const { promises: fs } = await loadFileSystem(label);
  try {
    const { size, isFile } = await fs.stat(path).then((stats) => ({ size: stats.size, isFile: stats.isFile() }));
    if (!isFile) throw unreadable(label, "it is not a file. Name a file.");
    if (size > maxBytes) throw tooLarge(label, maxBytes, size);
    const bytes = await fs.readFile(path);
    const name = String(path).split(/[/\\]/).at(-1) ?? "";
    const encoded = path instanceof URL ? name : encodeURIComponent(name);
    return { bytes, toldType: await typeOfName(name), uri: `file:///${encoded}`, label };
  } catch (error) {
    throw explainSystemError(error, label);
  }
}

async function loadFileSystem(label: string): Promise<typeof import("node:fs")> {
  try {
    // oxlint-disable-next-line no-restricted-imports -- loaded for a path only
    return await import("node:fs");
  } catch (error) {
    const problem = "this runtime has no file system. Pass `data` or `url`.";
    throw unreadable(label, problem, error);
  }
}

function explainSystemError(error: unknown, label: string): unknown {
  const { code } = error as { readonly code?: unknown };
  if (code === "ENOENT" || code === "ENOTDIR") {
    const fix =
      'Relative paths start at the working directory: write new URL("…", import.meta.url) for a file of a module';
    return unreadable(label, `there is no such file. ${fix}.`, error);
  }
  if (error instanceof MethodicError) return error;
  return unreadable(label, `${reasonOf(error)}.`, error);
}

async function readUrl({ url, maxBytes = MAX_BYTES, signal }: MediaUrl): Promise<ReadMedia> {
  const target = parseUrl(url);
  // Query and user info may hold secrets.
  const uri = `${target.origin}${target.pathname}`;
  const label = `url ${JSON.stringify(uri)}`;
  const timeout = AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS);
  try {
    const response = await fetch(target, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    if (!response.ok) {
      await response.body?.cancel();
      throw unreadable(label, `the server answered ${response.status}. Check the URL, and what it requires.`);
    }
    const bytes = await readBody(response, maxBytes, label);
    const contentType = response.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
    const isTold = contentType && contentType !== "application/octet-stream";
    return { bytes, toldType: isTold ? contentType : await typeOfName(target.pathname), uri, label };
  } catch (error) {
    if (error instanceof MethodicError || signal?.aborted) throw error;
    const { cause = error } = error as { readonly cause?: unknown };
    throw unreadable(label, timeout.aborted ? "it took longer than 30 seconds." : `${reasonOf(cause)}.`, error);
  }
}

function parseUrl(url: string | URL): URL {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed?.protocol === "http:" || parsed?.protocol === "https:") return parsed;
  const fix = parsed?.protocol === "file:" ? "Pass a file as `path`" : "Pass an absolute http or https URL";
  throw new MethodicError("INVALID_ARGUMENT", `Invalid url: ${JSON.stringify(String(url).slice(0, 128))}. ${fix}.`);
}

/** Reads a body up to the limit, whatever length its server claims. */
async function readBody(response: Response, maxBytes: number, label: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.length;
    if (size > maxBytes) {
      await reader?.cancel();
      throw tooLarge(label, maxBytes);
    }
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function tooLarge(label: string, maxBytes: number, size?: number): MethodicError {
  const has = size === undefined ? "it has more than" : `it has ${size} bytes, more than`;
  return unreadable(label, `${has} ${maxBytes} bytes. Make it smaller, or set maxBytes.`);
}

function unreadable(label: string, problem: string, cause?: unknown): MethodicError {
  return new MethodicError("MEDIA_UNREADABLE", `Cannot read ${label}: ${problem}`, { cause });
}
