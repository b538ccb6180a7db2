import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { compare, type Difference } from "./compare.ts";
import { buildPorts, connect, ORIGINAL, PORT_PATHS, type Path } from "./connect.ts";
import { readPage, renderPage, writePage } from "./page.ts";
import { PORTS, type Port } from "./ports.ts";
import { QUICK_STARTS } from "./quick-starts.ts";
import { record, type Recorded, type Transcript } from "./transcript.ts";

beforeAll(buildPorts);
// Servers in this process log the failures that the script causes.
beforeAll(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));

const FILE_TIMES = /(?<=(?:created|modified|accessed): )[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} [\d:]{8} GMT[^\\]+/g;

const RESOURCE_TIMES = /(?<=created at )\d+:\d\d:\d\d [AP]M/g;
/** "Resource " as base64. */
const BLOBS = /UmVzb3VyY2Ug[A-Za-z\d+/=]+/g;

/** Replaces what differs in each run. */
function clean(text: string): string {
  return text
    .replaceAll(BLOBS, (blob) => Buffer.from(blob, "base64").toString())
    .replaceAll(FILE_TIMES, "now")
    .replaceAll(RESOURCE_TIMES, "now");
}

/** Runs a server in a new folder and records its answers. */
async function converse(port: Port, way: Path): Promise<Transcript> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "methodic-port-")));
  const connected = await connect(way, port, folder);
  try {
    return await record(connected, port.steps(folder), (text) => clean(text.replaceAll(folder, "/folder")));
  } finally {
    await connected.client.close();
    rmSync(folder, { recursive: true });
  }
}

/** The differences that a way can have, given the revision that it serves. */
function differencesOf({ differences }: Port, { revision }: Path): Difference[] {
  return differences.filter(({ only = revision }) => only === revision);
}

describe.each(PORTS)("the $name server and its port", (port) => {
  let original: Transcript;
  beforeAll(async () => {
    original = await converse(port, ORIGINAL);
  });

  it.each(PORT_PATHS)("differ only as documented over $name", async (way) => {
    const deviations = compare(original, await converse(port, way));
    const differences = differencesOf(port, way);
    const undocumented = deviations.filter(({ place }) => !differences.some(({ at }) => at.test(place)));
    const gone = differences.filter(({ at }) => !deviations.some(({ place }) => at.test(place)));
    expect({ undocumented, gone }).toEqual({ undocumented: [], gone: [] });
  });
});

describe.each(QUICK_STARTS)("the port of $name", (quickStart) => {
  it.each(PORT_PATHS)("answers as the original does over $name", async (way) => {
    const connected = await connect(way, quickStart, "");
    const { answers } = await record(connected, quickStart.steps, (text) => text);
    await connected.client.close();
    expect(Object.values(answers).map(summarize)).toEqual(
      quickStart.answers.map(({ text, structured, wrapped = structured }) => ({
        text,
        structured: way.revision === "2025-11-25" ? wrapped : structured,
      })),
    );
    // Elsewhere, the client may read the report together with the result, and lose it.
    if (quickStart.reports && way.name.startsWith("memory"))
      expect(Object.values(answers).map(({ progress }) => progress)).toEqual(quickStart.reports);
  });
});

/** Returns the text and the structured content of a recorded answer. */
function summarize({ content, contents, structuredContent }: Recorded): object {
  return { text: (content ?? contents)?.[0]?.text, structured: structuredContent };
}

describe("docs/migrating.md", () => {
  it("has the sizes and the differences of all ports", () => {
    if (process.env["UPDATE_DOCS"]) writePage(renderPage());
    expect(readPage()).toBe(renderPage());
  });
});
