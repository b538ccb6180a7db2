// Starts the built example over stdio, as a client does, calls all its components, and prints the
// conversation. Then calls the same server over HTTP with an API key; it has the same notes.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { startOpenMeteoStandIn } from "./open-meteo-stand-in.mjs";

const serverFile = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** @param {string} text */
const say = (text) => process.stdout.write(`${text}\n`);

/**
 * @param {string} call
 * @param {string} answer
 */
const show = (call, answer) => say(`\n→ ${call}\n${answer.replaceAll(/^(?=.)/gm, "  ")}`);

/** Checks that both Open-Meteo services respond within three seconds. */
async function reachesOpenMeteo() {
  const urls = [
    "https://geocoding-api.open-meteo.com/v1/search?name=Chicago&count=1",
    "https://api.open-meteo.com/v1/forecast?latitude=41.85&longitude=-87.65&current=temperature_2m",
  ];
  const signal = AbortSignal.timeout(3000);
  try {
    const answers = await Promise.all(urls.map((url) => fetch(url, { signal })));
    return answers.every((answer) => answer.ok);
  } catch {
    return false;
  }
}

/** @param {Client} client */
function makeCalls(client) {
  /**
   * @param {string} name
   * @param {Record<string, unknown>} [args]
   * @param {boolean} [isMistake] True if the call must fail
   */
  const call = async (name, args = {}, isMistake = false) => {
    const result = await client.callTool({ name, arguments: args });
    const text = result.content.map((block) => (block.type === "text" ? block.text : `[${block.type}]`)).join("\n");
    const shown = JSON.stringify(args);
    show(`${name}(${shown.length > 100 ? `${shown.slice(0, 99)}…` : shown})`, result.isError ? `✗ ${text}` : text);
    if ((result.isError ?? false) !== isMistake)
      throw new Error(`${name} should ${isMistake ? "" : "not "}have failed; its answer is above.`);
    return result;
  };
  /** @param {string} uri */
  const read = async (uri) => {
    const { contents } = await client.readResource({ uri });
    show(uri, contents.map((content) => ("text" in content ? content.text : "[binary]")).join("\n"));
  };
  return { call, read };
}

/** @param {Client} client */
async function tour(client) {
  const { tools } = await client.listTools();
  say(`tools: ${tools.map((tool) => tool.name).join(", ")}`);
  const { call, read } = makeCalls(client);

  await call("add_note", { name: "groceries", content: "rye flour, salt, water" });
  await call("add_note", { name: "sourdough", content: "Feed the starter the evening before." });
  await call("list_notes");
  await call("get_note", { name: "sourdough" });

  await call("add_note", { name: "journal", content: "Day 1: mixed flour and water.\n".repeat(40) });
  await call("delete_note", { name: "journal" });

  await read("notes://all");
  await read("notes://groceries");
  await read("server://info");

  const { messages } = await client.getPrompt({ name: "note_taking_assistant", arguments: { topic: "sourdough" } });
  const texts = messages.map(({ content }) => (content.type === "text" ? content.text : `[${content.type}]`));
  show('note_taking_assistant({"topic":"sourdough"})', texts.join("\n"));

  const weather = await call("get_weather", { city: "Chicago" });
  show("…and the same as data", JSON.stringify(weather.structuredContent, undefined, 2));

  say("\nErrors are reported to the model, so that it can correct its next call:");
  await call("get_weather", { city: "Chicago", units: "kelvin" }, true);
  await call("get_note", { name: "bagels" }, true);
}

/**
 * Starts the built example over HTTP, as a platform does. Returns the URL that it reports.
 * @param {Record<string, string>} env
 */
async function startHttp(env) {
  const child = spawn(process.execPath, [serverFile], { env, stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stderr });
  let said = "";
  for await (const line of lines) {
    said += `\n${line}`;
    const url = /serves MCP at (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    const stop = async () => {
      child.kill("SIGTERM");
      const [code] = await exited;
      return code;
    };
    return { url: new URL(url), stop };
  }
  throw new Error(`The server did not start:${said}`);
}

/** @param {Record<string, string>} env */
async function callOverHttp(env) {
  const key = randomBytes(24).toString("base64url");
  const { url, stop } = await startHttp({ ...env, PORT: "0", HOST: "127.0.0.1", MCP_API_KEY: key });
  const client = new Client({ name: "demo", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  let code;
  try {
    const stranger = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { "X-API-Key": key } } }));
    say(`\nThe same server at ${url}, MCP ${client.getNegotiatedProtocolVersion()}`);
    show("POST without a key", `${stranger.status} ${stranger.statusText}`);
    if (stranger.status !== 401) throw new Error("A caller without a key should have been refused with 401.");
    await makeCalls(client).call("list_notes");
  } finally {
    await client.close();
    code = await stop();
  }
  // A process cannot handle signals on Windows.
  if (process.platform === "win32") return;
  show("SIGTERM", `exit code ${code}`);
  if (code !== 0) throw new Error("The server should have ended with exit code 0.");
}

async function main() {
  if (!existsSync(serverFile))
    throw new Error(`${serverFile} is missing. Run "npm run demo" in the repository's root, which builds it.`);
  const standIn = (await reachesOpenMeteo()) ? undefined : await startOpenMeteoStandIn();
  const folder = mkdtempSync(join(tmpdir(), "methodic-demo-"));
  const client = new Client(
    { name: "demo", version: "1.0.0" },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: "auto" } },
  );
  client.setRequestHandler("elicitation/create", ({ params }) => {
    show("The server asks the user", `${params.message} Yes.`);
    return { action: "accept", content: {} };
  });
  try {
    /** @type {Record<string, string>} */
    const env = { NOTES_DB: join(folder, "notes.db") };
    for (const [name, value] of Object.entries(process.env)) {
      // The shell's settings for other servers must not change the demo.
      if (value !== undefined && !/^(?:PORT|HOST|MCP_.*)$/.test(name)) env[name] ??= value;
    }
    if (standIn) env.OPEN_METEO_GEOCODING_URL = env.OPEN_METEO_FORECAST_URL = standIn.url;
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [serverFile], env }));
    const server = client.getServerVersion();
    say(`${server?.name} ${server?.version} over stdio, MCP ${client.getNegotiatedProtocolVersion()}`);
    say(
      standIn
        ? "Open-Meteo is out of reach: the weather comes from a local stand-in."
        : "The weather comes from Open-Meteo.",
    );
    await tour(client);
    await callOverHttp(env);
    say("\nAll calls were answered as expected.");
  } finally {
    await client.close();
    await standIn?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

// A closed pipe, as with `| head`, is not a failure: the demo continues silently and cleans up.
process.stdout.on("error", (error) => {
  if (!("code" in error) || error.code !== "EPIPE") throw error;
});
try {
  await main();
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
