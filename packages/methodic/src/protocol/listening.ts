import type { RequestAccess } from "../context/create-context.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { MAX_SUBSCRIPTIONS } from "./live-changes.ts";

/** The part of a `subscriptions/listen` request that names resources. */
interface ListenRequest {
  readonly params?: { readonly notifications?: { readonly resourceSubscriptions?: unknown } };
}

/**
 * Takes the URIs off a `subscriptions/listen` request that the caller could not read, whether there is no such resource or it is
 * not for them: to hear when it changes would tell them of it. Its client is told what is left. A message of another form is
 * returned as it is.
 */
export async function narrowListening(
  message: unknown,
  dispatcher: Pick<Dispatcher, "assertResource">,
  access: RequestAccess | undefined,
): Promise<unknown> {
  const { params } = message as ListenRequest;
  const uris = params?.notifications?.resourceSubscriptions;
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === "string")) return message;
  const asked = [...new Set(uris)].slice(0, MAX_SUBSCRIPTIONS);
  const readable = await Promise.all(asked.map((uri) => canRead(uri, dispatcher, access)));
  const resourceSubscriptions = asked.filter((_, i) => readable[i]);
  return {
    ...(message as object),
    params: { ...params, notifications: { ...params?.notifications, resourceSubscriptions } },
  };
}

/** Whether there is such a resource for this caller. */
export async function canRead(
  uri: string,
  dispatcher: Pick<Dispatcher, "assertResource">,
  access: RequestAccess | undefined,
): Promise<boolean> {
  return dispatcher.assertResource(uri, access).then(
    () => true,
    () => false,
  );
}
