import { createRequire } from "node:module";

/** What `server://info` tells. */
export interface ServerDescription {
  name: string;
  version: string;
  framework: { name: string; version: string };
  node: string;
}

// Plain calls with plain paths: what a bundler recognizes, so that a bundle needs neither file beside it.
const load = createRequire(import.meta.url);
const own = load("../package.json") as { readonly version: string };
const framework = load("methodic/package.json") as { readonly version: string };

/** The name under which clients know this server. */
export const SERVER_NAME = "notes-server";

/** The version of this server: the one of its package. */
export const SERVER_VERSION: string = own.version;

/** Says what this server is and what it runs on. */
export function describeServer(): ServerDescription {
  return {
    name: SERVER_NAME,
    version: SERVER_VERSION,
    framework: { name: "methodic", version: framework.version },
    node: process.version,
  };
}
