import { describeCall } from "../context/server-log.ts";
import { formatDuration } from "../util/duration.ts";
import { markAllHandled } from "../util/handled.ts";
import { INTERNAL_ERROR } from "../util/json-rpc.ts";
import { TimeLimit } from "../util/time-limit.ts";
import { causeOf, readSafely } from "../util/thrown.ts";
import { type FailurePolicy, RequestError } from "./failures.ts";
import type { DispatchRequest, Invocation } from "./invoke.ts";

/**
 * Runs a method within the time limit of its component. After that, the request's signal aborts,
 * and the outcome of a method that goes on is ignored.
 * @throws RequestError if it takes longer
 */
export async function runInTime(
  { component: { timeoutMs }, subject, request }: Invocation,
  { log }: FailurePolicy,
  start: (request: DispatchRequest) => Promise<unknown>,
): Promise<unknown> {
  const message = `${subject.label} took longer than ${formatDuration(timeoutMs)}.`;
  const reason = new DOMException(message, "TimeoutError");
  const limit = new TimeLimit({ timeoutMs, reason, within: request });
  let work: Promise<unknown> | undefined;
  try {
    return await limit.run(() => (work = start(request.withLimit(limit))));
  } catch (error) {
    // Without a client that waits for the answer, the limit does not matter.
    if (!limit.isOver || request.signal.aborted) throw error;
    const fields = describeCall(subject.id, request);
    log(`methodic: ${message}`, { fields });
    work?.then(markAllHandled, (late: unknown) => {
      if (!isAbort(late, reason)) log(`methodic: ${subject.label} failed after its timeout`, { error: late, fields });
    });
    throw new RequestError(INTERNAL_ERROR, message, subject.uri === undefined ? undefined : { uri: subject.uri });
  }
}

/** Checks whether a method failed because of its signal, as it should. */
function isAbort(thrown: unknown, reason: unknown): boolean {
  if (thrown === reason) return true;
  return readSafely(() => (thrown as Error).name) === "AbortError" || causeOf(thrown) === reason;
}
