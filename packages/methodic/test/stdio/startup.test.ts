import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { TestProcess } from "../../../../fixtures/process.ts";

const dist = (file: string): string => JSON.stringify(fileURLToPath(new URL(`../../dist/${file}`, import.meta.url)));

/** Runs a program that imports the guard first. */
function start(program: string, env: Readonly<Record<string, string>> = {}): TestProcess {
  const code = `import ${dist("startup.js")};
import { createServer } from ${dist("index.js")};
const server = createServer({ name: "s", version: "1.0.0", services: [] });
${program}`;
  return new TestProcess(process.execPath, ["--input-type=module", "-e", code], { env });
}

describe("methodic/startup", () => {
  it("gives stdout to a program that serves over HTTP, with the output from before", async () => {
    const program = `console.log("early");
await server.serve({ transport: "http", port: 0 });
console.log("late");
await server.close();`;
    const { stdout, stderr, exitCode } = await start(program).finish();
    expect({ stdout, exitCode }).toEqual({ stdout: "early\nlate\n", exitCode: 0 });
    expect(stderr).not.toContain("redirected");
  });

  it("gives stdout to a program that mounts the server", async () => {
    const program = `console.log("early");
await server.fetch(new Request("http://localhost/health"));
console.log("late");
process.exit(1);`;
    expect((await start(program).finish()).stdout).toBe("early\nlate\n");
  });

  it("expects HTTP if PORT is set, unless the program serves stdio", async () => {
    const print = `console.log("early"); setInterval(() => undefined, 1000);`;
    await using http = start(print, { PORT: "0" });
    await using stdio = start(`${print} await server.serve({ transport: "stdio" });`, { PORT: "0" });
    await http.until(() => http.stdout === "early\n");
    await stdio.until(() => stdio.stderr.includes("early\n"));
    expect(stdio.stdout).toBe("");
  });

  it.each([
    ["more than 64 KB", 'console.log("x".repeat(70_000));'],
    ["something and does not serve for a second", 'console.log("xxx");'],
  ])("sends output to stderr if a program prints %s", async (_, print) => {
    await using program = start(`${print} setInterval(() => undefined, 1000);`);
    await program.until(() => program.stderr.includes("xxx"));
    expect(program.stdout).toBe("");
  });

  it("calls back for output that it holds, and keeps its bytes and encodings", async () => {
    const program = `process.stdout.write("68690a", "hex", () => process.stdout.write(Buffer.from("done\\n")));
await new Promise((resolve) => setImmediate(resolve));`;
    expect((await start(program).finish()).stdout).toBe("hi\ndone\n");
  });
});
