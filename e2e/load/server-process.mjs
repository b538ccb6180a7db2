// Runs the server under load as a separate process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

const POLL_MS = 250;
/**
 * Expected lines of the log: the URL, the failures of the tool `fail`, and the notice of the
 * shutdown.
 */
const EXPECTED = [
  / serves MCP at http:/,
  / Tool fail failed: TypeError: fail \d/,
  /^ {4}at /,
  /^methodic: waiting for running calls/,
];

export class ServerProcess {
  ports;
  /** Unexpected lines of its log. */
  complaints = [];
  #child;
  #exited;

  static async start(file) {
    const child = spawn(process.execPath, ["--expose-gc", "--disable-warning=ExperimentalWarning", file], {
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    });
    const server = new ServerProcess(child);
    const [ports] = await Promise.race([
      once(child, "message"),
      server.#exited.then(() => Promise.reject(new Error(`The server has ended:\n${server.complaints.join("\n")}`))),
    ]);
    server.ports = ports;
    return server;
  }

  constructor(child) {
    this.#child = child;
    this.#exited = once(child, "exit");
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (line !== "" && !EXPECTED.some((pattern) => pattern.test(line))) this.complaints.push(line);
    });
  }

  get isRunning() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Requests figures: with "measure" all of them, after a garbage collection, with "look" the
   * cheap ones.
   */
  async ask(question) {
    this.#child.send(question);
    const [answer] = await Promise.race([
      once(this.#child, "message"),
      this.#exited.then(([code, signal]) =>
        Promise.reject(new Error(`The server has ended (${code ?? signal}):\n${this.complaints.join("\n")}`)),
      ),
    ]);
    return answer;
  }

  /**
   * Measures once the server is idle and holds no more objects than at the start, or when the time
   * is up.
   */
  async measureAtRest(fresh, timeoutMs) {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const figures = await this.ask("measure");
      const { alive, running, connections } = figures;
      const isBusy = running + connections > 0 || Object.keys(alive).some((kind) => alive[kind] > fresh.alive[kind]);
      if (!isBusy || performance.now() > deadline) return figures;
      await pause(POLL_MS);
    }
  }

  /** Sends SIGTERM; returns the exit code or signal, and the time to exit. */
  async terminate(timeoutMs) {
    const begin = performance.now();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), timeoutMs);
    this.#child.kill("SIGTERM");
    const [code, signal] = await this.#exited;
    clearTimeout(timer);
    return { code: code ?? signal, ms: performance.now() - begin };
  }

  kill() {
    this.#child.kill("SIGKILL");
  }
}
