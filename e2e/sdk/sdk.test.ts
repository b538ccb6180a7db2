import { readFileSync, writeFileSync } from "node:fs";
import type { Server } from "methodic";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { compare, type Deviation } from "../ports/compare.ts";
import { connect, loadDecorated, PATHS, type Path } from "./connect.ts";
import { DIFFERENCES, explains } from "./differences.ts";
import { converse } from "./script.ts";

let createDecorated: () => Server;
beforeAll(async () => {
  createDecorated = await loadDecorated();
  // The script causes failures, which the servers log.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

const seen = new Map<Path, readonly Deviation[]>();

describe.each(PATHS.map((path) => [path.name, path] as const))(
  "One server on the SDK and with decorators, %s",
  (_, path) => {
    it("publishes and answers the same, apart from documented differences", async () => {
      const onSdk = await connect(await path.toSdk(), path.revision);
      const server = createDecorated();
      const decorated = await connect(await path.toMethodic(server), path.revision);
      const deviations = compare(await converse(onSdk), await converse(decorated));
      await Promise.all([onSdk.close(), decorated.close(), server.close()]);
      seen.set(path, deviations);
      const isDocumented = (deviation: Deviation): boolean =>
        DIFFERENCES.some((difference) => explains(difference, path, deviation));
      expect(deviations.filter((deviation) => !isDocumented(deviation))).toEqual([]);
    });
  },
);

// These run last.
describe("The documented differences", () => {
  it("all exist", () => {
    const gone = DIFFERENCES.filter(
      (difference) => !PATHS.some((path) => seen.get(path)?.some((deviation) => explains(difference, path, deviation))),
    );
    expect(gone).toEqual([]);
  });

  it("are the table of docs/sdk.md", () => {
    const rows = [...new Set(DIFFERENCES.map(({ text }) => text))].map(
      ({ what, theirs, ours, why }) => `| ${what} | ${theirs} | ${ours} | ${why} |`,
    );
    const table = ["", "| | SDK | Methodic | why |", "|---|---|---|---|", ...rows, "", ""].join("\n");
    if (process.env["UPDATE_DOCS"]) writeTable(table);
    expect(readPage()[1]).toBe(table);
  });
});

const PAGE = new URL("../../docs/sdk.md", import.meta.url);
const [START, END] = ["<!-- Written by e2e/sdk/sdk.test.ts -->\n", "<!-- End -->"];

/** Reads the text before the table, the table, and the text after it. */
function readPage(): readonly [before: string, table: string, after: string] {
  const [before = "", rest = ""] = readFileSync(PAGE, "utf8").split(START);
  const [table = "", after = ""] = rest.split(END);
  return [before, table, after];
}

function writeTable(table: string): void {
  const [before, , after] = readPage();
  writeFileSync(PAGE, before + START + table + END + after);
}
