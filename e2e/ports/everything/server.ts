import { readFileSync } from "node:fs";
import { createServer } from "methodic";
import { ClientTools } from "./client-tools.ts";
import { Prompts } from "./prompts.ts";
import { Resources } from "./resources.ts";
import { PlainTools } from "./tools.ts";

const documents = process.env["DOCUMENTS"] ?? `${import.meta.dirname}/docs`;
const resources = new Resources(documents);
const listUris = (): string[] =>
  resources.listDocuments().map((name) => `demo://resource/static/document/${encodeURIComponent(name)}`);

export default createServer({
  name: "mcp-servers/everything",
  title: "Everything Reference Server",
  version: "2.0.0",
  instructions: readFileSync(`${documents}/instructions.md`, "utf8"),
  naming: "kebab-case",
  services: [PlainTools, new ClientTools(listUris), resources, Prompts],
  maskErrors: false,
  http: { sessions: true },
});
