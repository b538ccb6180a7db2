import { createRequire } from "node:module";

/** The content of `server://info`. */
export interface ServerDescription {
  name: string;
  version: string;
  framework: { name: string; version: string };
  node: string;
}

// Bundlers recognize calls with literal paths and include the files.
const load = createRequire(import.meta.url);
const own = load("../package.json") as { readonly version: string };
const framework = load("methodic/package.json") as { readonly version: string };

/** The server's name as clients see it. */
export const SERVER_NAME = "notes-server";

/** The server's version, from its package.json. */
export const SERVER_VERSION: string = own.version;

/** Describes this server, its framework and its runtime. */
export function describeServer(): ServerDescription {
  return {
    name: SERVER_NAME,
    version: SERVER_VERSION,
    framework: { name: "methodic", version: framework.version },
    node: process.version,
  };
}
