import type { Registry } from "../registry/registry.ts";
import type { FailurePolicy } from "./failures.ts";

/** What the answers to requests depend on. */
export interface Dispatch {
  readonly registry: Registry;
  /** Never repair arguments. */
  readonly strict: boolean;
  readonly failures: FailurePolicy;
}

/** A request for a component by name, as it came. */
export interface NamedCall {
  readonly name: string;
  readonly arguments: unknown;
}
