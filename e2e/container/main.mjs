// `node e2e/container/main.mjs <Dockerfile>`: builds and tries an image on a machine without a
// container engine. The steps run in order, each stage on a separate file system. Then the image's
// command is started, asked for its health, called over MCP and terminated. Not covered: the base
// image (the steps see this machine's system and this Node instead) and the limits of a container.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, posix, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import dockerignore from "@balena/dockerignore";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { readDockerfile } from "./dockerfile.mjs";
import { firstProcess, LayeredRoot, findObstacle } from "./layered-root.mjs";

const context = fileURLToPath(new URL("../../", import.meta.url));

const KEY = "key-of-the-check";

const file = resolve(process.argv[2] ?? "Dockerfile");
const obstacle = findObstacle();
if (obstacle !== undefined) {
  console.error(`Cannot check ${file} here: ${obstacle}.`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "check-dockerfile-"));
try {
  await tryImage(build(readDockerfile(file)));
  console.log(`${relative(context, file)}: passed`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs all steps; returns the last stage. */
function build(stages) {
  const done = new Map();
  let last;
  for (const [index, { image, name, steps }] of stages.entries()) {
    const base = done.get(image);
    if (!base && !/^[\w./-]+:[\w.-]*\d[\w.-]*$/.test(image))
      throw new Error(`FROM ${image}: name a version of the base image.`);
    const root = new LayeredRoot(join(folder, String(index)), {
      base: base?.root,
      hidden: [context.replace(/\/$/, ""), "/tmp", "/app", "/data"],
    });
    const stage = {
      root,
      env: { ...base?.env },
      cwd: base?.cwd ?? "/",
      user: base?.user ?? "root",
      volumes: [...(base?.volumes ?? [])],
      argv: base?.argv,
      health: base?.health,
    };
    for (const step of steps) runStep(step, stage, done);
    done.set(name, stage);
    last = stage;
  }
  return last;
}

function runStep(step, stage, done) {
  const { keyword } = step;
  if (keyword === "RUN") runCommand(step, stage);
  else if (keyword === "COPY") copyFiles(step, stage, done);
  else if (keyword === "ENV") Object.assign(stage.env, step.variables);
  else if (keyword === "WORKDIR") {
    stage.cwd = posix.resolve(stage.cwd, step.text);
    stage.root.makeFolder(stage.cwd);
  } else if (keyword === "USER") stage.user = step.text;
  else if (keyword === "VOLUME") stage.volumes.push(step.text);
  else if (keyword === "CMD") stage.argv = step.argv;
  else if (keyword === "HEALTHCHECK") stage.health = step.argv;
}

function runCommand({ line, command, mounts }, { root, env, cwd, user }) {
  console.log(`line ${line}: RUN ${command.replaceAll(/\s+/g, " ")}`);
  const shared = Object.fromEntries(mounts.map(({ id, target }) => [target, cacheFolder(id)]));
  // Image builders pass these variables on, for networks with a proxy.
  const passed = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(?:https?|no)_proxy$|^NODE_EXTRA_CA_CERTS$/i.test(name)),
  );
  const { status, stdout, stderr } = root.run(["/bin/sh", "-c", command], {
    env: { ...passed, ...env },
    cwd,
    user,
    mounts: shared,
  });
  if (status !== 0) throw new Error(`${file}:${line}: RUN ended with status ${status}\n${stdout}\n${stderr}`);
}

/**
 * Returns the folder of a cache, which outlives the build. pnpm's is this machine's store, so that
 * nothing is downloaded again.
 */
function cacheFolder(id) {
  const cache = id === "pnpm" ? storeOfPnpm() : join(context, ".cache/dockerfile", id);
  mkdirSync(cache, { recursive: true });
  return cache;
}

function storeOfPnpm() {
  const { stdout } = spawnSync(process.execPath, [join(context, "scripts/pnpm.mjs"), "store", "path"], {
    encoding: "utf8",
  });
  // The last part is the store's version, which pnpm appends.
  return dirname(stdout.trim().split("\n").at(-1));
}

function copyFiles({ line, sources, target, from }, stage, done) {
  const ignored = from === undefined ? readIgnored() : () => false;
  const isFolder = target.endsWith("/") || target === "." || sources.length > 1;
  const into = posix.resolve(stage.cwd, target) + (isFolder ? "/" : "");
  for (const source of sources) {
    const origin =
      from === undefined ? resolve(context, source) : done.get(from)?.root.find(posix.resolve("/", source));
    const inContext = relative(context, origin ?? "");
    if (origin === undefined || (from === undefined && ignored(inContext)))
      throw new Error(`${file}:${line}: COPY: there is no '${source}'.`);
    stage.root.copy(origin, into, { filter: (path) => from !== undefined || !ignored(relative(context, path)) });
  }
}

/** Reads the Dockerfile's own ignore file, which image builders prefer to the context's. */
function readIgnored() {
  const ignore = dockerignore({ ignorecase: false }).add(readFileSync(`${file}.dockerignore`, "utf8"));
  return (path) => path !== "" && ignore.ignores(path);
}

/**
 * Starts the image as compose.yaml does, where only its volumes and /tmp are writable, and calls
 * it.
 */
async function tryImage({ root, env, cwd, user, volumes, argv, health }) {
  if (user === "root") throw new Error("The image runs as root: give it a USER.");
  if (!argv || !health) throw new Error("The image has no CMD or no HEALTHCHECK.");
  console.log(`layers of the image, without its base: ${(root.size() / 1e6).toFixed(1)} MB`);
  const port = String(await findPort());
  const mounts = Object.fromEntries(["/tmp", ...volumes].map((volume) => [volume, scratch(root, volume)]));
  const settings = {
    cwd,
    user,
    mounts,
    readOnly: true,
    env: { ...env, PORT: port, MCP_API_KEY: KEY, MCP_ALLOWED_HOSTS: "localhost,127.0.0.1" },
  };

  const unsafe = root.run(["timeout", "20", ...argv], { ...settings, env: { ...env, PORT: port } });
  if (unsafe.status !== 1)
    throw new Error(`Without a key and allowed hosts it should refuse to start:\n${unsafe.stdout}${unsafe.stderr}`);

  const child = root.start(argv, settings);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const ended = once(child, "close");
  try {
    await waitForHealth(child, health, settings);
    await call(`http://127.0.0.1:${port}/mcp`);
    process.kill(firstProcess(child), "SIGTERM");
    const [code] = await ended;
    if (code !== 0) throw new Error(`Wrong exit code after SIGTERM: ${code}. It must be 0.`);
    console.log("healthy, answers with its key and only with it, keeps notes in its volume, ends with 0 on SIGTERM");
  } catch (error) {
    throw new Error(`${error.message}\nIts output:\n${output}`, { cause: error });
  } finally {
    // Killing the outer process is not enough: the inner one survives it once it runs as another
    // user.
    if (child.exitCode === null) process.kill(firstProcess(child), "SIGKILL");
  }
}

/** Creates a folder for a volume, with the owner and mode that the image gives it. */
function scratch(root, volume) {
  const path = join(folder, "mounts", volume);
  mkdirSync(path, { recursive: true });
  const { status } = root.run(
    ["/bin/sh", "-c", `chown --reference=${volume} /mounted && chmod --reference=${volume} /mounted`],
    { cwd: "/", mounts: { "/mounted": path }, env: {} },
  );
  if (status !== 0) throw new Error(`The image has no folder ${volume}.`);
  return path;
}

/** Repeats the health check until it succeeds. */
async function waitForHealth(child, argv, settings) {
  const last = { status: null, stderr: "" };
  for (let attempt = 0; attempt < 60; attempt++) {
    Object.assign(last, LayeredRoot.runInside(child, argv, settings));
    if (last.status === 0) return;
    await new Promise((resume) => setImmediate(resume));
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
  }
  throw new Error(`The server never became healthy: ${last.status} ${last.stderr}`);
}

async function call(url) {
  const { status } = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  if (status !== 401) throw new Error(`Wrong status of a call without a key: ${status}. It must be 401.`);
  const client = new Client({ name: "check", version: "1.0.0" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { "X-API-Key": KEY } } }),
  );
  await client.callTool({ name: "add_note", arguments: { name: "a", content: "kept" } });
  const { content } = await client.callTool({ name: "get_note", arguments: { name: "a" } });
  if (content[0]?.text !== "kept") throw new Error(`The note was not kept: ${JSON.stringify(content)}`);
  await client.close();
}

async function findPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
