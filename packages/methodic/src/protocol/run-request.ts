import { InputRequiredError } from "../context/question-errors.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { DispatchRequest } from "../dispatch/invoke.ts";
import { Asker } from "./asker.ts";
import { createRequestChannel } from "./request-channel.ts";
import { RequestState, type StatefulRequest } from "./request-state.ts";
import type { SdkRequest } from "./sdk-request.ts";
import type { StateCodec } from "./state-codec.ts";

/** A request, and what its state is bound to. */
interface RunnableRequest extends SdkRequest {
  readonly dispatcher: Dispatcher;
  readonly access: RequestAccess;
  readonly codec: StateCodec;
  readonly request: StatefulRequest;
}

/** Runs a request; on 2026-07-28 this is one round trip of it, and the result may be a question. */
export async function runRequest<T>(
  source: RunnableRequest,
  answer: (request: DispatchRequest) => Promise<T>,
): Promise<T> {
  const { ctx, codec, access, request } = source;
  const state = new RequestState({ ctx, codec, caller: access.callerKey, request });
  const verified = state.verify();
  if (verified) await verified;
  // Most methods ask nothing.
  let asker: Asker | undefined;
  const getAsker = (): Asker => (asker ??= new Asker(source, state));
  try {
    const result = await answer(createRequestChannel({ ...source, getAsker, state, scope: "", depth: 0 }));
    // The method may have caught the InputRequiredError and returned a result. The question takes
    // precedence.
    const asked = asker?.inputRequired();
    return asked ? ((await state.seal(asked)) as T) : result;
  } catch (error) {
    const asked = error instanceof InputRequiredError ? asker?.inputRequired() : undefined;
    if (asked) return (await state.seal(asked)) as T;
    throw error;
  }
}
