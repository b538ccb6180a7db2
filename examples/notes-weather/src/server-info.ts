import { createRequire } from "node:module";

/** What `server://info` tells. */
export interface ServerDescription {
  name: string;
  version: string;
  framework: { name: string; version: string };
  node: string;
}

/** The name under which clients know this server. */
export const SERVER_NAME = "notes-server";

/** The version of this server: the one of its package. */
export const SERVER_VERSION = versionOf("../package.json");

/** Says what this server is and what it runs on. */
export function describeServer(): ServerDescription {
  return {
    name: SERVER_NAME,
    version: SERVER_VERSION,
    framework: { name: "methodic", version: versionOf("methodic/package.json") },
    node: process.version,
  };
}

function versionOf(packageFile: string): string {
  const { version } = createRequire(import.meta.url)(packageFile) as { version: string };
  return version;
}
