import type { ParameterPlan } from "../manifest/format.ts";

/** The input object of a call. */
export type Input = { readonly [name: string]: unknown };

/**
 * Turns an input object into the arguments of the method, in the order it declares them, with the context where it wants it.
 * A property that is absent becomes `undefined`, so that the method's own defaults apply.
 */
export function toArguments(plan: ParameterPlan, input: Input, context: unknown): readonly unknown[] {
  const values: unknown[] = plan.wholeInput
    ? [input]
    : plan.names.map((name) => (Object.hasOwn(input, name) ? input[name] : undefined));
  if (plan.contextIndex !== undefined) values.splice(plan.contextIndex, 0, context);
  return values;
}
