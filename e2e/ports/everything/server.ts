import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createServer, defineResource, type Server } from "methodic";
import { ClientTools } from "./client-tools.ts";
import { Prompts } from "./prompts.ts";
import { Resources } from "./resources.ts";
import { PlainTools } from "./tools.ts";

const TYPES: Readonly<Record<string, string>> = { ".md": "text/markdown", ".json": "application/json" };

const folder = process.env["DOCUMENTS"] ?? `${import.meta.dirname}/docs`;
const documents = readdirSync(folder).map((name) => ({
  name,
  title: name,
  uri: `demo://resource/static/document/${encodeURIComponent(name)}`,
  description: `The document ${name}`,
  mimeType: TYPES[path.extname(name)] ?? "text/plain",
  read: () => readFileSync(`${folder}/${name}`, "utf8"),
}));

const server: Server = createServer({
  name: "mcp-servers/everything",
  title: "Everything Reference Server",
  version: "2.0.0",
  instructions: readFileSync(`${folder}/instructions.md`, "utf8"),
  naming: "kebab-case",
  services: [
    PlainTools,
    new ClientTools(documents.map(({ uri }) => uri)),
    new Resources(() => server),
    Prompts,
    ...documents.map(defineResource),
  ],
  maskErrors: false,
  http: { sessions: true },
});

export default server;
