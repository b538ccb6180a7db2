import type { CallToolResult } from "../context/component-calls.ts";
import type { ContentBlock } from "../context/content.ts";
import { explainErrors } from "../json-schema/explain.ts";
import { repairOutput } from "../json-schema/repair.ts";
import type { SchemaValidators } from "../json-schema/validate.ts";
import type { ValidationErrors } from "../json-schema/validation-run.ts";
import type { JsonSchema, JsonValue } from "../manifest/format.ts";
import type { Tool } from "../registry/component.ts";
import { markAllHandled } from "../util/handled.ts";
import { isRecord } from "../util/record.ts";
import { describeReturned, isBlock, toBlock, toJson } from "./blocks.ts";
import { isToolResult, type ToolResultOptions } from "./content.ts";
import { type FailurePolicy, InvalidResultError, logFailure } from "./failures.ts";

/** Decides how results are checked. */
export interface OutputPolicy {
  /** Validates results against output schemas, unless a tool says otherwise. */
  readonly validateOutput: boolean;
  /** Validates values against schemas that decorators set, and finds the errors of all others. */
  readonly schemaValidators: SchemaValidators;
  readonly failures: FailurePolicy;
}

/**
 * Turns a tool method's return value into a result, guided by the method's return type.
 * @throws InvalidResultError if the value cannot be sent
 */
export async function toToolResult(value: unknown, tool: Tool, policy: OutputPolicy): Promise<CallToolResult> {
  const { result } = tool.schemas;
  if (isToolResult(value)) return toWholeResult(value, tool, policy);
  if (result === "empty") return { content: [] };
  if (result === "structured") return toStructuredResult(value, tool, policy);
  const isContent = result === "content";
  if (isContent && isEnvelope(value)) {
    const { _meta: meta, ...rest } = value;
    return toWholeResult({ ...rest, ...(meta && { meta }) }, tool, policy);
  }
  if (tool.schemas.outputSchema)
    throw new InvalidResultError(
      "it lacks the structured content that its output schema requires. Return toolResult({ content, structuredContent })",
    );
  if (value === undefined) return { content: [] };
  if (typeof value === "string") return { content: [{ type: "text", text: value }] };
  if (isBlock(value, isContent)) return { content: [toBlock(value)] };
  if (Array.isArray(value) && isBlockList(value, isContent)) return { content: value.map(toBlock) };
  if (isContent)
    throw new InvalidResultError(
      "expected a content block, an array of content blocks, toolResult(…), or inputRequired(…) from methodic/sdk, " +
        describeReturned(value),
    );
  if (isEnvelope(value)) reportEnvelope(value, tool, policy);
  // A value whose type has no output schema is sent as JSON text.
  return { content: [{ type: "text", text: JSON.stringify(toJson(value)) ?? "" }] };
}

/** The result of an SDK handler. Only the method's type distinguishes it from data. */
interface Envelope extends ToolResultOptions<unknown> {
  readonly _meta?: { readonly [key: string]: unknown };
}

function isEnvelope(value: unknown): value is Envelope {
  return isRecord(value) && Array.isArray(value["content"]);
}

const reported = new WeakSet<Tool>();

/**
 * Logs, once for each tool, that what looks like a result is sent as data: an author who comes from
 * the SDK would lose `isError`.
 */
function reportEnvelope({ content }: Envelope, tool: Tool, { failures }: OutputPolicy): void {
  const blocks = [content].flat();
  if (reported.has(tool) || blocks.length === 0 || !blocks.every((item) => isBlock(item, true))) return;
  reported.add(tool);
  const { name } = tool;
  const fix = "Return toolResult({ content, isError }) if it is the result.";
  failures.log(`methodic: Tool ${name} returned { content: […] } without a type, which is sent as JSON. ${fix}`, {
    level: "warn",
    fields: { tool: name },
  });
}

/**
 * Checks whether an array is content: blocks only or, if the return type says so, blocks and
 * strings.
 */
function isBlockList(list: readonly unknown[], isDeclared: boolean): list is readonly (ContentBlock | string)[] {
  if (!isDeclared && list.length === 0) return false;
  return list.every((item) => isBlock(item, isDeclared) || (isDeclared && typeof item === "string"));
}

async function toStructuredResult(value: unknown, tool: Tool, policy: OutputPolicy): Promise<CallToolResult> {
  const json = (await readOutput(value, tool, policy)) ?? null;
  const text = (tool.render && renderText(value, tool, policy)) ?? toText(json);
  return { content: [{ type: "text", text }], structuredContent: json };
}

/** Writes a value as text. A string is sent without quotes: a model reads it as text. */
function toText(json: JsonValue): string {
  return typeof json === "string" ? json : JSON.stringify(json);
}

/** Writes a value by the tool's option `render`. A failure is logged. */
function renderText(value: unknown, { name, render }: Tool, { failures }: OutputPolicy): string | undefined {
  const label = `Tool ${name}: its option 'render'`;
  try {
    const text = render?.(value);
    if (typeof text === "string") return text;
    markAllHandled(text);
    logFailure(`${label} returned ${text === null ? "null" : typeof text}. Return a string`, failures);
  } catch (error) {
    logFailure(`${label} failed`, failures, { error, fields: { tool: name } });
  }
  return undefined;
}

async function toWholeResult(
  { content, structuredContent, meta, isError }: ToolResultOptions<unknown>,
  tool: Tool,
  policy: OutputPolicy,
): Promise<CallToolResult> {
  const blocks = [content].flat() as readonly (ContentBlock | string)[];
  const invalid = blocks.findIndex((item) => typeof item !== "string" && !isBlock(item, true));
  if (invalid !== -1)
    throw new InvalidResultError(`content[${invalid}] of its result is neither a string nor a content block`);
  if (isError !== undefined && typeof isError !== "boolean")
    throw new InvalidResultError("isError of its result must be true or false");
  if (meta !== undefined && !isRecord(meta)) throw new InvalidResultError("meta of its result must be an object");
  const isChecked = tool.schemas.outputSchema !== undefined && isError !== true;
  const json = isChecked ? await readOutput(structuredContent, tool, policy) : toJson(structuredContent);
  return {
    content: blocks.map(toBlock),
    ...(json !== undefined && { structuredContent: json }),
    ...(meta && { _meta: toJson(meta) as { readonly [key: string]: unknown } }),
    ...(isError !== undefined && { isError }),
  };
}

/**
 * Reads the structured content of a value and validates it against the tool's output schema.
 * @throws InvalidResultError
 */
async function readOutput(value: unknown, tool: Tool, policy: OutputPolicy): Promise<JsonValue | undefined> {
  const { decoratorOutput, outputSchema } = tool.schemas;
  if (decoratorOutput?.standard) {
    // A Standard Schema may transform the value that is sent, so it runs even if outputs are not
    // validated.
    const verdict = await policy.schemaValidators.check(decoratorOutput, value);
    return "value" in verdict ? toJson(verdict.value) : refuseOutput(verdict, value, decoratorOutput.schema);
  }
  const json = toJson(value);
  if (!outputSchema || !(tool.validateOutput ?? policy.validateOutput)) return json;
  const errors = await findOutputErrors(json ?? null, tool, policy);
  if (!errors) return json;
  const repaired = repairOutput(json ?? null, errors);
  const isValid = repaired !== undefined && !(await findOutputErrors(repaired, tool, policy));
  return isValid ? repaired : refuseOutput(errors, json ?? null, outputSchema);
}

async function findOutputErrors(
  json: JsonValue,
  { schemas, member }: Tool,
  { schemaValidators }: OutputPolicy,
): Promise<ValidationErrors | undefined> {
  const { decoratorOutput, outputSchema = {} } = schemas;
  if (!decoratorOutput) {
    const validate = member.validators.output;
    return !validate || validate(json) ? undefined : schemaValidators.findErrors(outputSchema, json);
  }
  const verdict = await schemaValidators.check(decoratorOutput, json);
  return "errors" in verdict ? verdict : undefined;
}

function refuseOutput(errors: ValidationErrors, value: unknown, schema: JsonSchema): never {
  const problems = explainErrors(errors, { value, schema });
  throw new InvalidResultError(
    `it violates the output schema: ${problems.join(" ").replaceAll("arguments:", "the result:")}`,
  );
}
