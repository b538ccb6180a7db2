import type { RequestChannel } from "../context/create-context.ts";
import type { Registry } from "../registry/registry.ts";
import type { RequestAccess } from "./access.ts";
import type { FailurePolicy } from "./failures.ts";
import type { SchemaValidators } from "../json-schema/validate.ts";

/** What the answers to requests depend on. */
export interface DispatchDeps {
  readonly registry: Registry;
  /** Never repair arguments. */
  readonly strict: boolean;
  /** Check results against the output schema, unless a tool says otherwise. */
  readonly validateOutput: boolean;
  /** Checks values against the schemas that decorators give. */
  readonly checks: SchemaValidators;
  readonly failures: FailurePolicy;
}

/** A request as the dispatcher handles it. */
export interface DispatchRequest extends RequestChannel {
  readonly access: RequestAccess;
}

/** A request for a component by name, as it came. */
export interface NamedCall {
  readonly name: string;
  readonly arguments: unknown;
}
