import { MethodicError } from "../errors.ts";
import type { MemberKind, MemberManifest } from "../manifest/format.ts";
import { type AnyOptionsSpec, checkOptions, showValue } from "../util/check-options.ts";
import { markKey } from "../util/mark.ts";
import { isRecord } from "../util/record.ts";
import type { ComponentDefinition, JsonSchemaObject, StandardSchema } from "./definition.ts";

/** Holds the source of a defined component. All copies of this package share the key. */
const SOURCE: symbol = markKey("definedComponent");

/** A JSON Schema, as opposed to the schema of a library. */
export type PlainSchema = JsonSchemaObject & { readonly "~standard"?: never };

/** All that the registry needs to make a component without a class and a manifest. */
export interface ComponentSource {
  /** `defineTool("add").run`, for messages. */
  readonly where: string;
  /** The author's options: its functions are called as methods. */
  readonly owner: object;
  readonly methodName: string;
  readonly definition: ComponentDefinition;
  readonly member: MemberManifest;
  /** The schema of a prompt's arguments or a template's variables, which arrive as text. */
  readonly textInput?: { readonly option: string; readonly schema: unknown };
}

/** The functions that define components. */
const FUNCTIONS = { tool: "defineTool", resource: "defineResource", prompt: "definePrompt" } as const;

/**
 * Checks the options of a function that defines a component.
 * @returns `defineTool("add")`, for messages
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 */
export function checkDefinition(kind: MemberKind, given: unknown, spec: AnyOptionsSpec): string {
  const { name, uri, template } = (isRecord(given) ? given : {}) as { readonly [option: string]: unknown };
  const known = kind === "resource" ? (uri ?? template) : name;
  const where = `${FUNCTIONS[kind]}${typeof known === "string" ? `(${showValue(known)})` : ""}`;
  checkOptions(given, spec, { where, code: "INVALID_DECORATOR_OPTIONS" });
  return where;
}

/** Creates the manifest of a function that takes the whole input and a context. */
export function functionMember(kind: MemberKind, others: Partial<MemberManifest> = {}): MemberManifest {
  const parameters = { names: ["input"], wholeInput: true, contextIndex: 1 } as const;
  return { kind, parameters, result: "dynamic", validators: {}, ...others };
}

/** Attaches its source to a component, as authors see it. */
export function attachSource<T extends object>(component: T, source: ComponentSource): T {
  return Object.freeze(Object.defineProperty(component, SOURCE, { value: source }));
}

/** Returns the source of a component that `defineTool`, for example, has made. */
export function sourceOf(value: object): ComponentSource | undefined {
  return (value as { readonly [SOURCE]?: ComponentSource })[SOURCE as never];
}

/** The schema of a component without input. */
export const NO_INPUT: StandardSchema | JsonSchemaObject = {
  type: "object",
  properties: {},
  additionalProperties: false,
};

/** Refuses options that exclude each other. */
export function refuseDefinition(where: string, problem: string): never {
  throw new MethodicError("INVALID_DECORATOR_OPTIONS", `${where}: ${problem}`);
}
