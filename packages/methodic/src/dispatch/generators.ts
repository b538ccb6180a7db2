import type { ProgressReporter } from "../context/progress.ts";
import type { GeneratorResult } from "../manifest/format.ts";
import { isRecord } from "../util/record.ts";
import { InvalidResultError } from "./failures.ts";

/** The request that runs a generator method. */
interface GeneratorRequest {
  readonly signal: AbortSignal;
  /** Undefined if the client did not ask for progress. */
  readonly progress: ProgressReporter | undefined;
}

/** A generator, or any other iterator that returns a result. */
type AnyGenerator = AsyncIterator<unknown, unknown, undefined> | Iterator<unknown, unknown, undefined>;

/** The number of yields after which other calls get their turn. */
const YIELDS_PER_TURN = 256;

/**
 * Runs the generator that a method returned: sends the text and progress that it yields, each
 * before the generator goes on, and returns its result. Once the request is cancelled, the
 * generator ends at the yield where it waits, or at its next one, and its `finally` blocks run.
 * @throws InvalidResultError if it yields anything else
 */
export async function runGenerator(
  returned: unknown,
  kind: GeneratorResult,
  { signal, progress }: GeneratorRequest,
): Promise<unknown> {
  // A wrapper that was set on the instance may return the result itself.
  if (!isGenerator(returned)) return returned;
  const texts: string[] = [];
  for (let yields = 1; ; yields++) {
    const step = await returned.next();
    if (step.done) return kind === "text" ? ((await step.value) ?? texts.join("")) : step.value;
    if (typeof step.value === "string" && kind === "text") texts.push(step.value);
    try {
      // A generator that waits for nothing would let no cancellation and no other call through.
      if (yields % YIELDS_PER_TURN === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      signal.throwIfAborted();
      const sent = send(step.value, progress);
      if (sent) await orAborted(sent, signal);
    } catch (error) {
      await endEarly(returned);
      throw error;
    }
  }
}

/** Ends a generator. As in `for await`, its errors do not replace the reason. */
async function endEarly(generator: AnyGenerator): Promise<void> {
  try {
    await generator.return?.();
  } catch {
    // Thrown in a `finally` block.
  }
}

function isGenerator(value: unknown): value is AnyGenerator {
  return typeof (value as Partial<AnyGenerator> | null | undefined)?.next === "function";
}

/** Sends what a generator yields. Returns nothing if the client did not ask for progress. */
function send(yielded: unknown, progress: ProgressReporter | undefined): Promise<void> | undefined {
  if (typeof yielded === "string") return progress?.addText(yielded);
  if (!isRecord(yielded) || typeof yielded["progress"] !== "number") {
    const shown = yielded === null ? "null" : typeof yielded;
    throw new InvalidResultError(`its generator yielded ${shown}. Yield text or { progress, total?, message? }`);
  }
  const { progress: done, total, message } = yielded;
  return progress?.report(done, total as number | undefined, message as string | undefined);
}

/**
 * Waits until a message is sent.
 * @throws the signal's reason if it aborts: a client that is gone takes no message
 */
async function orAborted(sent: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    const listener = (): void => resolve();
    signal.addEventListener("abort", listener);
    stop = () => signal.removeEventListener("abort", listener);
  });
  await Promise.race([sent, aborted]);
  stop();
  signal.throwIfAborted();
}
