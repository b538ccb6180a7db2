import { isSchema, readUnion, withRootType, type JsonSchema, type MemberKind } from "methodic/manifest";
import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { Docs } from "../jsdoc/docs.ts";
import { applyParamDocs } from "../scan/param-docs.ts";
import type { WholeInput } from "../scan/parameters.ts";
import type { PatternDefaults } from "../scan/pattern-defaults.ts";
import type { SchemaResult } from "../schema/generator.ts";
import { nodeOf } from "../schema/schema-builder.ts";

/** A parameter that is the whole input, and its method. */
interface WholeParameter {
  readonly whole: WholeInput;
  readonly kind: MemberKind;
  readonly docs: Docs;
  readonly defaults: PatternDefaults;
}

/** Checks whether the schema of a type is a discriminated union. */
export function isDiscriminated(made: SchemaResult): boolean {
  return made.ok && readUnion(made.schema) !== undefined;
}

/**
 * Completes the schema of an input that is the type of one parameter: an object, or for tools a
 * discriminated union.
 */
export function finishWholeInput(made: SchemaResult, { whole, kind, docs, defaults }: WholeParameter): SchemaResult {
  if (!made.ok) return made;
  const { name } = whole;
  // The arguments of prompts and the variables of resources are texts, each with a name.
  const union = kind === "tool" ? readUnion(made.schema) : undefined;
  const schema = union ? withRootType(made.schema) : made.schema;
  if (!union && (schema["type"] !== "object" || schema["anyOf"])) {
    const node = nodeOf(whole.source);
    return refuse({ problem: problems.inputNotObject(node.getText(), kind === "tool"), node });
  }
  if (ts.isIdentifier(name))
    return describeParams({ ...made, schema: describeRoot(schema, name.text, docs) }, docs, true);
  const preset = name.elements.find((element) => element.initializer && defaults.nameOf(element) === union?.name);
  if (union && preset) return refuse({ problem: problems.discriminatorDefault(union.name), node: preset });
  return describeParams({ ...made, schema: defaults.apply(schema, name) }, docs, true);
}

/** Adds the texts and tags of a method's `@param`s to its input. */
export function describeParams(
  made: SchemaResult & { readonly ok: true },
  docs: Docs,
  rootless: boolean,
): SchemaResult {
  const { schema, problems: found } = applyParamDocs(made.schema, docs, rootless);
  const isRefused = found.some(({ problem }) => problem.severity === "error");
  return isRefused ? { ok: false, problems: found } : { ...made, schema, warnings: [...made.warnings, ...found] };
}

/** Describes an input with the text of its parameter, unless a property has the same name. */
function describeRoot(schema: JsonSchema, name: string, { params }: Docs): JsonSchema {
  const text = params.find((param) => param.name === name)?.text;
  const members = readUnion(schema)?.members ?? [];
  const isProperty = members.some(
    ({ schema: { properties } }) => isSchema(properties) && Object.hasOwn(properties, name),
  );
  return text && !isProperty ? { ...schema, description: text } : schema;
}

function refuse(problem: LocatedProblem): SchemaResult {
  return { ok: false, problems: [problem] };
}
