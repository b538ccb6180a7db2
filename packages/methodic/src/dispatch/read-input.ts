import type { InputSchema, ValidationError } from "../manifest/format.ts";
import type { Tool } from "../registry/component.ts";
import type { GivenSchema } from "../registry/given-schema.ts";
import { assertTyped } from "../registry/tool-schemas.ts";
import type { Input } from "./arguments.ts";
import type { Dispatch } from "./dispatch.ts";
import { explainErrors } from "./explain.ts";
import { repairInput } from "./repair.ts";
import { type Revived, reviveInput } from "./revive.ts";

const TOO_DEEP: Revived = { problems: ["arguments: too large or nested too deeply to be checked."] };

/** Validates the arguments of a call by the tool's types, with one repair in between if need be. */
export function readTypedInput(tool: Tool, given: unknown, strict: boolean): Revived {
  const { validators, inputSchema, revival } = assertTyped(tool.member, tool.where);
  const input = (given ?? {}) as Input;
  const validate = validators.input;
  try {
    if (validate(input)) return reviveInput(input, revival);
    const errors = validate.errors ?? [];
    const repaired = strict ? undefined : repairInput(input, errors, inputSchema);
    if (repaired !== undefined && validate(repaired)) return reviveInput(repaired, revival);
    return explain(errors, input, inputSchema);
  } catch (error) {
    return refuseDepth(error);
  }
}

/** Validates the arguments of a call by the schema that the tool's decorator gives. */
export async function readGivenInput(
  schema: GivenSchema,
  given: unknown,
  { checks, strict }: Pick<Dispatch, "checks" | "strict">,
): Promise<Revived> {
  const input = (given ?? {}) as Input;
  const root = schema.schema as InputSchema;
  try {
    const first = await checks.check(schema, input);
    if ("value" in first) return { input: first.value as Input };
    const repaired = strict ? undefined : repairInput(input, first.errors, root);
    const second = repaired && (await checks.check(schema, repaired));
    return second && "value" in second ? { input: second.value as Input } : explain(first.errors, input, root);
  } catch (error) {
    return refuseDepth(error);
  }
}

/** What is explained is what the client sent: a repair that was not enough would only hide it. */
function explain(errors: readonly ValidationError[], input: Input, schema: InputSchema): Revived {
  return { problems: explainErrors(errors, { value: input, schema }) };
}

/** Arguments of a recursive type can be nested more deeply than the stack is high. */
function refuseDepth(error: unknown): Revived {
  if (!(error instanceof RangeError)) throw error;
  return TOO_DEEP;
}
