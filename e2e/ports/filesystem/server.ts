import { lstat, mkdir, readdir, readFile, rename, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type AudioContent,
  createServer,
  type EmbeddedResource,
  type ImageContent,
  type MinItems,
  tool,
  ToolError,
  type ToolOptions,
  type ToolResult,
  toolResult,
} from "methodic";
import { minimatch } from "minimatch";
import { type Edit, editFile, writeAtomically } from "./edits.ts";
import { Folders, sizeOf } from "./folders.ts";

type Text = ToolResult<{ content: string }>;

interface Media {
  content: (
    | { type: "image" | "audio"; data: string; mimeType: string }
    | { type: "resource"; resource: { uri: string; mimeType?: string; blob: string } }
  )[];
}

interface TreeEntry {
  name: string;
  type: "directory" | "file";
  children?: TreeEntry[];
}

const read = (options?: ToolOptions) => tool({ ...options, annotations: { readOnlyHint: true, openWorldHint: false } });
const write = (options?: ToolOptions) =>
  tool({
    ...options,
    annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false, ...options?.annotations },
  });

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".bmp": "image/bmp",
  ".svg": "image/svg+xml",
  ".mp3": "audio/mpeg",
  ".wav": "audio/wav",
  ".ogg": "audio/ogg",
  ".flac": "audio/flac",
};

/** Sends a text, also as structured content. */
function text(content: string): Text {
  return toolResult({ content, structuredContent: { content } });
}

function formatSize(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)), 4);
  return unit === 0 ? `${bytes} B` : `${(bytes / 1024 ** unit).toFixed(2)} ${["KB", "MB", "GB", "TB"][unit - 1]}`;
}

class Files {
  readonly #folders: Folders;

  constructor(folders: Folders) {
    this.#folders = folders;
  }

  /**
   * Reads a text file. Deprecated: use read_text_file.
   * @param tail Only the last lines, this many
   * @param head Only the first lines, this many
   */
  @read({ title: "Read File (Deprecated)" })
  async readFile(path: string, tail?: number, head?: number): Promise<Text> {
    return this.readTextFile(path, tail, head);
  }

  /**
   * Reads a file as text, whatever its extension: all of it, or its first or last lines.
   * @param tail Only the last lines, this many
   * @param head Only the first lines, this many
   */
  @read({ title: "Read Text File" })
  async readTextFile(path: string, tail?: number, head?: number): Promise<Text> {
    const file = await this.#folders.resolve(path);
    if (head && tail) throw new ToolError("Cannot specify both head and tail parameters simultaneously");
    const content = await readFile(file, "utf8");
    if (tail) return text(content.replaceAll("\r\n", "\n").split("\n").slice(-tail).join("\n"));
    if (head) return text(content.replace(/\n$/, "").split("\n").slice(0, head).join("\n"));
    return text(content);
  }

  /** Reads an image, a sound, or any other file as base64 with its MIME type. */
  @read({ title: "Read Media File" })
  async readMediaFile(path: string): Promise<ToolResult<Media>> {
    const file = await this.#folders.resolve(path);
    const mimeType = MEDIA_TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
    const data = await readFile(file, "base64");
    const [kind] = mimeType.split("/");
    const block: ImageContent | AudioContent | EmbeddedResource =
      kind === "image" || kind === "audio"
        ? { type: kind, data, mimeType }
        : { type: "resource", resource: { uri: pathToFileURL(file).href, mimeType, blob: data } };
    return toolResult({ content: [block], structuredContent: { content: [block] } as Media });
  }

  /**
   * Reads several text files; one that cannot be read does not fail the others.
   * @param paths The files
   */
  @read({ title: "Read Multiple Files" })
  async readMultipleFiles(paths: string[] & MinItems<1>): Promise<Text> {
    const parts = paths.map(async (path) => {
      try {
        return `${path}:\n${await readFile(await this.#folders.resolve(path), "utf8")}\n`;
      } catch (error) {
        return `${path}: Error - ${(error as Error).message}`;
      }
    });
    return text((await Promise.all(parts)).join("\n---\n"));
  }

  /** Creates a text file or replaces it. */
  @write({ title: "Write File", annotations: { idempotentHint: true } })
  async writeFile(path: string, content: string): Promise<Text> {
    await writeAtomically(await this.#folders.resolve(path), content);
    return text(`Successfully wrote to ${path}`);
  }

  /** Replaces texts in a file, and returns the changes as a diff. @param dryRun Changes nothing */
  @write({ title: "Edit File", annotations: { idempotentHint: false } })
  async editFile(path: string, edits: Edit[], dryRun = false): Promise<Text> {
    return text(await editFile(await this.#folders.resolve(path), edits, dryRun));
  }

  /** Creates a directory, with its parents, if it is missing. */
  @write({ title: "Create Directory", annotations: { idempotentHint: true, destructiveHint: false } })
  async createDirectory(path: string): Promise<Text> {
    await mkdir(await this.#folders.resolve(path), { recursive: true });
    return text(`Successfully created directory ${path}`);
  }

  /** Lists what is in a directory, with `[DIR]` or `[FILE]` before each name. */
  @read({ title: "List Directory" })
  async listDirectory(path: string): Promise<Text> {
    const entries = await readdir(await this.#folders.resolve(path), { withFileTypes: true });
    return text(entries.map((entry) => `${entry.isDirectory() ? "[DIR]" : "[FILE]"} ${entry.name}`).join("\n"));
  }

  /** Lists what is in a directory, with sizes and their sum. @param sortBy The order */
  @read({ title: "List Directory with Sizes" })
  async listDirectoryWithSizes(path: string, sortBy: "name" | "size" = "name"): Promise<Text> {
    const found = await readdir(await this.#folders.resolve(path), { withFileTypes: true });
    const entries = await Promise.all(
      found.map(async (entry) => ({
        name: entry.name,
        isDirectory: entry.isDirectory(),
        size: await sizeOf(join(entry.parentPath, entry.name)),
      })),
    );
    const files = entries.filter(({ isDirectory }) => !isDirectory);
    const sorted = [...entries].sort((a, b) => (sortBy === "size" ? b.size - a.size : a.name.localeCompare(b.name)));
    return text(
      [
        ...sorted.map(({ name, isDirectory, size }) =>
          isDirectory ? `[DIR] ${name.padEnd(30)} ` : `[FILE] ${name.padEnd(30)} ${formatSize(size).padStart(10)}`,
        ),
        "",
        `Total: ${files.length} files, ${entries.length - files.length} directories`,
        `Combined size: ${formatSize(files.reduce((sum, { size }) => sum + size, 0))}`,
      ].join("\n"),
    );
  }

  /** Returns a directory and all below it as JSON; only directories have `children`. */
  @read({ title: "Directory Tree" })
  async directoryTree(path: string, excludePatterns: string[] = []): Promise<Text> {
    const isExcluded = (below: string): boolean =>
      excludePatterns.some((pattern) =>
        (pattern.includes("*") ? [pattern] : [pattern, `**/${pattern}`, `**/${pattern}/**`]).some((each) =>
          minimatch(below, each, { dot: true }),
        ),
      );
    const build = async (folder: string, below: string): Promise<TreeEntry[]> => {
      const entries = await readdir(await this.#folders.resolve(folder), { withFileTypes: true });
      const kept = entries.filter(({ name }) => !isExcluded(join(below, name)));
      return Promise.all(
        kept.map(async (entry) =>
          entry.isDirectory()
            ? {
                name: entry.name,
                type: "directory",
                children: await build(join(folder, entry.name), join(below, entry.name)),
              }
            : { name: entry.name, type: "file" },
        ),
      );
    };
    return text(JSON.stringify(await build(path, ""), null, 2));
  }

  /** Moves or renames a file or a directory. */
  @write({ title: "Move File", annotations: { idempotentHint: false } })
  async moveFile(source: string, destination: string): Promise<Text> {
    const [from, to] = [await this.#folders.resolve(source), await this.#folders.resolve(destination)];
    const isTaken = await lstat(to).catch(() => undefined);
    if (isTaken) throw new ToolError(`Destination already exists: ${to}`);
    await rename(from, to);
    return text(`Successfully moved ${source} to ${destination}`);
  }

  /** Finds files and directories by a glob pattern, such as `*.md`, or `**\/*.md` at any depth. */
  @read({ title: "Search Files" })
  async searchFiles(path: string, pattern: string, excludePatterns: string[] = []): Promise<Text> {
    const root = await this.#folders.resolve(path);
    const matches = (file: string, glob: string): boolean => minimatch(file, glob, { dot: true });
    const search = async (below: string): Promise<string[]> => {
      const entries = await readdir(join(root, below), { withFileTypes: true });
      const found = await Promise.all(
        entries.map(async (entry) => {
          const file = join(below, entry.name);
          const isAllowed = await this.#folders.resolve(join(root, file)).catch(() => undefined);
          if (isAllowed === undefined || excludePatterns.some((glob) => matches(file, glob))) return [];
          const deeper = entry.isDirectory() ? await search(file).catch(() => []) : [];
          return matches(file, pattern) ? [join(root, file), ...deeper] : deeper;
        }),
      );
      return found.flat();
    };
    return text((await search("")).join("\n") || "No matches found");
  }

  /** Returns size, times, kind, and permissions of a file or a directory. */
  @read({ title: "Get File Info" })
  async getFileInfo(path: string): Promise<Text> {
    const info = await stat(await this.#folders.resolve(path));
    const lines = {
      size: info.size,
      created: info.birthtime,
      modified: info.mtime,
      accessed: info.atime,
      isDirectory: info.isDirectory(),
      isFile: info.isFile(),
      permissions: info.mode.toString(8).slice(-3),
    };
    return text(
      Object.entries(lines)
        .map(([name, value]) => `${name}: ${value}`)
        .join("\n"),
    );
  }

  /** Lists the directories that the other tools may use, with all below them. */
  @read({ title: "List Allowed Directories" })
  async listAllowedDirectories(): Promise<Text> {
    return text(`Allowed directories:\n${(await this.#folders.list()).join("\n")}`);
  }
}

export default createServer({
  name: "secure-filesystem-server",
  version: "0.2.0",
  naming: "snake_case",
  services: [new Files(new Folders(process.argv.slice(2)))],
  maskErrors: false,
  http: { sessions: true },
});
