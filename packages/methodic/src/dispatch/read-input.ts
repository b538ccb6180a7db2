import type { DecoratorSchema } from "../json-schema/decorator-schema.ts";
import { explainErrors } from "../json-schema/explain.ts";
import { coerceText, repairInput } from "../json-schema/repair.ts";
import { type Revived, reviveInput } from "../json-schema/revive.ts";
import type { Input, InputSchema, TypedMember } from "../manifest/format.ts";
import type { TextComponent } from "../registry/component.ts";
import type { ListText } from "../uri-template/uri-template.ts";
import type { DispatchDeps } from "./invoke.ts";

/**
 * Validates an input against the types of a method's parameters and revives it: text becomes dates,
 * URLs, bytes and so on. Problems describe the input as the client sent it, not as it was repaired.
 */
export function readInput(
  { inputSchema, validators, revival }: TypedMember,
  input: Input,
  { schemaValidators, strict }: Pick<DispatchDeps, "schemaValidators" | "strict">,
): Revived {
  const validate = validators.input;
  try {
    if (validate(input)) return reviveInput(input, revival);
    const errors = schemaValidators.findErrors(inputSchema, input);
    const repaired = strict ? undefined : repairInput(input, errors, inputSchema);
    if (repaired !== undefined && validate(repaired)) return reviveInput(repaired, revival);
    return { problems: explainErrors(errors, { value: input, schema: inputSchema }) };
  } catch (error) {
    return refuseTooDeep(error);
  }
}

/** Reads an input that arrives as text, from a URI or as a prompt's arguments. */
export function readTextInput(
  { member, inputSchema: schema }: Pick<TextComponent, "member" | "inputSchema">,
  values: { readonly [name: string]: unknown },
  { schemaValidators }: Pick<DispatchDeps, "schemaValidators">,
): Revived | Promise<Revived> {
  const { inputSchema } = member;
  const { properties = {} } = inputSchema;
  const input = Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const schema = (Object.hasOwn(properties, name) ? properties[name] : undefined) ?? {};
      return [name, isTextOrList(value) ? coerceText(value, schema, inputSchema) : value];
    }),
  );
  // Text has been converted already.
  const deps = { schemaValidators, strict: true };
  return schema ? readSchemaInput(schema, input, deps) : readInput(member, input, deps);
}

function isTextOrList(value: unknown): value is string | ListText {
  if (typeof value === "string") return true;
  const { text, items } = (value ?? {}) as { readonly [key: string]: unknown };
  return typeof text === "string" && Array.isArray(items);
}

/**
 * Maximum values in an input that a library's schema validates. Libraries find every problem before
 * they return, which takes zod up to ten microseconds for each value.
 */
const MAX_LIBRARY_VALUES = 100_000;

/** Reads the arguments of a tool by its decorator's schema, as `readInput` does by the types. */
export async function readSchemaInput(
  schema: Pick<DecoratorSchema, "schema" | "standard">,
  input: Input,
  { schemaValidators, strict }: Pick<DispatchDeps, "schemaValidators" | "strict">,
): Promise<Revived> {
  const root = schema.schema as InputSchema;
  if (schema.standard && hasMoreValuesThan(input, MAX_LIBRARY_VALUES)) {
    return { problems: [`more than ${MAX_LIBRARY_VALUES} values. Send fewer items in one call.`] };
  }
  try {
    const first = await schemaValidators.check(schema, input);
    if ("value" in first) return { input: first.value as Input };
    const repaired = strict ? undefined : repairInput(input, first, root);
    const second = repaired && (await schemaValidators.check(schema, repaired));
    if (second && "value" in second) return { input: second.value as Input };
    return { problems: explainErrors(first, { value: input, schema: root }) };
  } catch (error) {
    return refuseTooDeep(error);
  }
}

/** Checks the size of JSON, with a list and not recursion: it may be nested deeply. */
function hasMoreValuesThan(json: unknown, limit: number): boolean {
  const containers: unknown[] = [json];
  let count = 0;
  for (const container of containers) {
    for (const key in container as object) {
      if (++count > limit) return true;
      const inner = (container as { readonly [key: string]: unknown })[key];
      if (typeof inner === "object" && inner !== null) containers.push(inner);
    }
  }
  return false;
}

/**
 * Refuses an input of a recursive type that is nested more deeply than the stack allows; rethrows
 * every other error.
 */
function refuseTooDeep(error: unknown): Revived {
  if (!(error instanceof RangeError)) throw error;
  return { problems: ["arguments: too large or nested too deeply to be checked."] };
}
