// Writes a stdio server with 20 services. Injected ones need a database and the previous service,
// and every other one has a hook; else none needs anything.
import { buildProject } from "@methodic/compiler";
import { writeTypeScript } from "./synthetic-project.mjs";

const COUNT = 20;

function service(index, isInjected) {
  const previous = index === 0 ? "" : `, readonly previous: Service${index - 1}`;
  return [
    `class Service${index} {`,
    ...(isInjected ? [`  constructor(readonly database: Database${previous}) {}`] : []),
    ...(isInjected && index % 2 === 0 ? ["  async onStart(): Promise<void> {}"] : []),
    `  @tool() run${index}(): string {`,
    '    return "";',
    "  }",
    "}",
  ].join("\n");
}

/** Builds the server in a folder, and returns the file that starts it. */
export function buildServices(folder, isInjected) {
  const indexes = Array.from({ length: COUNT }, (_, index) => index);
  const names = indexes.map((index) => `Service${index}`).join(", ");
  const server = `import { createServer, tool } from "methodic";

class Database {
  isOpen = false;
  async onStart(): Promise<void> {
    this.isOpen = true;
  }
}

${indexes.map((index) => service(index, isInjected)).join("\n\n")}

await createServer({
  name: "bench",
  version: "1.0.0",
  services: [${names}],
  providers: [${isInjected ? "Database" : ""}],
}).serve();
`;
  const { diagnostics } = buildProject({ root: writeTypeScript(folder, { "main.ts": server }) });
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics[0]));
  return `${folder}/dist/main.js`;
}
