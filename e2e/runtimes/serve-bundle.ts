import { cpSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { type HttpProcess, startHttp, type WebRuntime } from "./web-runtime.ts";
import { methodic } from "../../fixtures/methodic.ts";
import { createNotesProject } from "../../fixtures/notes-project.ts";
import { createProject } from "../../fixtures/project.ts";

/** Options of {@link serveBundle}. */
export interface ServeBundleOptions {
  /** The source of the server. Default: the notes server, without `auth`. */
  readonly server?: string;
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Compatibility flags of workerd. Default: none. */
  readonly flags?: readonly string[];
}

/** Bundles the notes project for a runtime and serves the bundle from a folder without packages. */
export async function serveBundle(runtime: WebRuntime, options: ServeBundleOptions = {}): Promise<HttpProcess> {
  const { server, host = "127.0.0.1", flags = [] } = options;
  const [project, folder] = [createNotesProject(), createProject({}, { isolated: true })];
  if (server !== undefined) project.write("src/server.ts", server);
  const { exitCode, stderr } = await methodic(["build", project.root, "--bundle", "--target", runtime.target]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const bundle = path.join(folder.root, "main.mjs");
  cpSync(project.path("dist/server.mjs"), bundle);
  project[Symbol.dispose]();
  const started = await startHttp(runtime.program, {
    args: runtime.prepare(bundle, { host, flags }),
    cwd: folder.root,
    env: { PORT: "0", ...(options.host !== undefined && { HOST: host }) },
    port: runtime.port,
  });
  return {
    ...started,
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}
