import type { RequestAccess, RequestPort } from "../context/create-context.ts";
import type { Resource, ResourceTemplate } from "../registry/component.ts";
import { findResource } from "../registry/find-resource.ts";
import type { MatchedValues } from "../registry/uri-template.ts";
import { AccessCheck } from "./access.ts";
import { coerceText } from "./coerce.ts";
import type { ResourceContents } from "./content.ts";
import type { Dispatch } from "./dispatch.ts";
import { explainErrors } from "./explain.ts";
import {
  INTERNAL_ERROR,
  INVALID_PARAMS,
  isA,
  RequestError,
  reportInvalidResult,
  RESOURCE_NOT_FOUND,
  resourceFailure,
} from "./failures.ts";
import type { Input } from "./arguments.ts";
import { type InputRequiredResult, isInputRequired } from "./input-required-result.ts";
import { invoke } from "./invoke.ts";
import { toResourceContents } from "./resource-contents.ts";
import { screenValues } from "./screen-values.ts";
import { InvalidResultError } from "./results.ts";
import { reviveInput } from "./revive.ts";

/** The answer to `resources/read`. */
export interface ReadResourceResult {
  readonly contents: readonly ResourceContents[];
}

/** Answers `resources/read`: a resource of exactly this URI, else the most specific template that matches. */
export async function readResource(
  dispatch: Dispatch,
  uri: string,
  port: RequestPort,
): Promise<ReadResourceResult | InputRequiredResult> {
  const { component, input } = await locate(dispatch, uri, port);
  try {
    const value = await invoke(component, input, port);
    if (isInputRequired(value)) return value;
    const contents = toResourceContents(value, { uri, mimeType: component.mimeType });
    if (!contents) throw notFound(uri);
    return { contents };
  } catch (error) {
    // Nobody waits for the answer to a cancelled request, and that it failed is no news.
    if (port.signal.aborted) throw error;
    if (isA(InvalidResultError, error)) {
      throw new RequestError(INTERNAL_ERROR, reportInvalidResult(`Resource ${uri}`, error.message, dispatch.failures), {
        uri,
      });
    }
    throw resourceFailure(error, uri, dispatch.failures);
  }
}

/** Rejects if no resource answers to the URI: whoever asks to hear of its changes must be told so. */
export async function assertResource(
  dispatch: Dispatch,
  uri: string,
  access: RequestAccess | undefined,
): Promise<void> {
  await locate(dispatch, uri, { access });
}

async function locate(
  { registry, failures }: Dispatch,
  uri: string,
  { access }: Pick<RequestPort, "access">,
): Promise<{ readonly component: Resource | ResourceTemplate; readonly input: Input }> {
  const found = findResource(registry, uri);
  // What a caller may not use is not there. A wider template does not step in: it would show what a narrower one keeps.
  if (!found || !(await new AccessCheck(access, failures.report).allows(found.component))) throw notFound(uri);
  if (!found.match) return { component: found.component, input: {} };
  const { component, match } = found;
  if ("problem" in match) throw invalidUri(uri, [match.problem]);
  const danger = screenValues(match.values, component.screened);
  if (danger !== undefined) throw new RequestError(RESOURCE_NOT_FOUND, `Resource not found: ${danger}.`, { uri });
  return { component, input: readVariables(component, match.values, uri) };
}

function readVariables({ member }: ResourceTemplate, values: MatchedValues, uri: string): Input {
  const { inputSchema, validators, revival } = member;
  const input = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      coerceText(value, inputSchema.properties?.[name] ?? {}, inputSchema),
    ]),
  );
  const read = validators.input(input)
    ? reviveInput(input, revival)
    : { problems: explainErrors(validators.input.errors ?? [], { value: input, schema: inputSchema }) };
  if ("input" in read) return read.input;
  throw invalidUri(uri, read.problems);
}

/** A URI as a message shows it, cut if somebody sent a whole document. */
function shortUri(uri: string): string {
  return uri.length > 500 ? `${uri.slice(0, 499)}…` : uri;
}

function notFound(uri: string): RequestError {
  return new RequestError(RESOURCE_NOT_FOUND, `Resource not found: ${shortUri(uri)}`, { uri });
}

function invalidUri(uri: string, problems: readonly string[]): RequestError {
  return new RequestError(INVALID_PARAMS, `Invalid resource URI ${shortUri(uri)}: ${problems.join("; ")}`, { uri });
}
