import { mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { EventEmitter, on } from "node:events";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { artifactText, compileProject, watchProject, type ProjectUpdate } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const service = (name: string, type: string): string =>
  `import { tool } from "methodic";\nexport class ${name} { @tool() act(value: ${type}): void {} }\n`;

/** Watches a folder. Tests wait for each update without a time limit. */
function startWatching(root: string): { next: () => Promise<ProjectUpdate> } & Disposable {
  const events = new EventEmitter();
  const updates = on(events, "update");
  const watcher = watchProject({ root, onUpdate: (update) => events.emit("update", update) });
  return {
    next: async () => ((await updates.next()) as { value: [ProjectUpdate] }).value[0],
    [Symbol.dispose]: () => watcher.close(),
  };
}

describe("watchProject", () => {
  it("reports every relevant change with the result of a compilation from scratch", async () => {
    using project = createStubProject({ "src/a.ts": service("A", "string") });
    const at = (file: string): string => path.join(project.root, file);
    using watching = startWatching(project.root);
    const expectNext = async (changed: string, keys: readonly string[], codes: readonly string[] = []) => {
      // One operation may cause several events and updates.
      for (;;) {
        const update = await watching.next();
        expect(update.text).toBe(artifactText(update.services));
        const isLast =
          JSON.stringify(Object.keys(update.services)) === JSON.stringify(keys) &&
          JSON.stringify(update.diagnostics.map(({ code }) => code)) === JSON.stringify(codes);
        if (!isLast) continue;
        if (changed !== "") expect(update.changed).toContain(changed);
        expect(update.services).toEqual(compileProject({ root: project.root }).services);
        return;
      }
    };
    await expectNext("", ["src/a.ts#A"]);
    project.writeFiles({ "src/b.ts": service("B", "number") });
    await expectNext("src/b.ts", ["src/a.ts#A", "src/b.ts#B"]);
    project.writeFiles({ "src/a.ts": service("Renamed", "number") });
    await expectNext("src/a.ts", ["src/a.ts#Renamed", "src/b.ts#B"]);
    project.writeFiles({ "src/a.ts": "export class {" });
    await expectNext("src/a.ts", [], ["TS1005"]);
    writeFileSync(at("src/a.new"), service("A", "boolean"));
    renameSync(at("src/a.new"), at("src/a.ts"));
    await expectNext("src/a.ts", ["src/a.ts#A", "src/b.ts#B"]);
    unlinkSync(at("src/b.ts"));
    await expectNext("src/b.ts", ["src/a.ts#A"]);
    mkdirSync(at("src/deep"));
    project.writeFiles({ "src/deep/c.ts": service("C", "boolean") });
    await expectNext("", ["src/a.ts#A", "src/deep/c.ts#C"]);
    project.writeFiles({ "src/deep/c.ts": service("D", "boolean") });
    await expectNext("src/deep/c.ts", ["src/a.ts#A", "src/deep/c.ts#D"]);
    rmSync(at("src/deep"), { recursive: true });
    await expectNext("", ["src/a.ts#A"]);
    project.writeFiles({
      "tsconfig.json": { compilerOptions: { strict: true, module: "NodeNext", types: [] }, files: [] },
    });
    await expectNext("tsconfig.json", [], ["TS18002"]);
  });
});
