import {
  describeSize,
  didYouMean,
  findDecoratorSchemaProblems,
  findViolations,
  isAbsolute,
  MAX_PUBLISHED_SIZE,
  parseTemplate,
  publishWrittenSchema,
  writtenSize,
  type JsonSchema,
  type RefsMode,
} from "methodic/manifest";
import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { ScannedMethod } from "../scan/scan.ts";
import { findUnknownFormats, knownFormats, type DroppedDefault } from "../schema/finished-schema.ts";
import { formatTypePath } from "../schema/read/unsupported-type.ts";
import { suggestPart } from "./suggest-part.ts";

/** Collects the problems of the finished schemas of a method. */
export class SchemaChecks {
  readonly problems: LocatedProblem[] = [];
  readonly #method: ts.MethodDeclaration;
  readonly #checker: ts.TypeChecker;

  constructor(method: ts.MethodDeclaration, checker: ts.TypeChecker) {
    this.#method = method;
    this.#checker = checker;
  }

  checkFormats(schema: JsonSchema): void {
    for (const format of findUnknownFormats(schema))
      this.problems.push({ problem: problems.unknownFormat(format, knownFormats()), node: this.#method.name });
  }

  /** Returns the schema that clients see, and reports the client rules that it breaks. */
  publish(schema: JsonSchema, side: "input" | "output", refs: RefsMode): JsonSchema {
    // Schemas from types name no dialect.
    const published = publishWrittenSchema(schema, refs, side);
    const size = writtenSize(published);
    if (size > MAX_PUBLISHED_SIZE) {
      const problem = problems.schemaTooLarge(describeSize(published));
      const hint = this.#adviseSmaller(problem.hint, side, refs);
      this.problems.push({ problem: { ...problem, hint }, node: this.#method.name });
      return published;
    }
    for (const violation of findViolations(published, side)) {
      const { id, fix } = violation.rule;
      const node = parameterNode(this.#method, violation.place.split(/[.[]/, 1)[0] ?? "");
      const isLarge = ["limits", "size"].includes(id);
      const advice = isLarge ? this.#adviseSmaller(fix, side, refs) : fix;
      this.problems.push({ problem: problems.refusedSchema(side, violation, advice), node });
    }
    return published;
  }

  /** Advises how to make a schema smaller. `general` is the advice without a type to pick from. */
  #adviseSmaller(general: string, side: "input" | "output", refs: RefsMode): string {
    const part = suggestPart(this.#method, side, this.#checker) ?? general;
    return refs === "inline" ? `${part} Or share its parts: remove refs: "inline".` : part;
  }

  readonly reportDefault: DroppedDefault = (path, value) => {
    const node = parameterNode(this.#method, path[0] ?? "");
    this.problems.push({ problem: problems.rejectedDefault(formatTypePath(path), JSON.stringify(value)), node });
  };
}

/** Checks a resource at build time for problems that would keep the server from starting. */
export function checkResource(
  { decorator, node }: ScannedMethod,
  input: JsonSchema,
  checker: ts.TypeChecker,
): LocatedProblem[] {
  if (decorator.kind !== "resource") return [];
  const { uriNode, options, list, allowUnsafeVariables } = decorator;
  const at = uriNode ?? decorator.node;
  if (options.uri === undefined) return [{ problem: problems.computedUri(), node: at }];
  if (!isAbsolute(options.uri)) return [{ problem: problems.relativeUri(options.uri), node: at }];
  const parsed = parseTemplate(options.uri);
  if ("problem" in parsed) return [{ problem: problems.invalidTemplate(options.uri, parsed.problem), node: at }];
  const properties = (input["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const names = Object.keys(properties);
  const required = (input["required"] ?? []) as readonly string[];
  const variables = parsed.variables.map(({ name }) => name);
  const found: LocatedProblem[] = [];
  for (const name of variables) {
    if (!names.includes(name)) found.push({ problem: problems.unknownVariable(name, names), node: at });
  }
  for (const name of required) {
    if (!variables.includes(name))
      found.push({ problem: problems.missingVariable(name, options.uri), node: parameterNode(node, name) });
  }
  for (const [name, schema] of Object.entries(properties)) {
    if (variables.includes(name) && isStructured(schema))
      found.push({ problem: problems.structuredVariable(name), node: parameterNode(node, name) });
  }
  if (list !== undefined && !hasMethod(node.parent, list, checker))
    found.push({ problem: problems.unknownListMethod(list), node: decorator.node });
  for (const name of allowUnsafeVariables ?? []) {
    if (!variables.includes(name)) {
      const problem = problems.unknownUnsafeVariable(name, options.uri, didYouMean(name, variables));
      found.push({ problem, node: decorator.node });
    }
  }
  return found;
}

/** Checks the options of a tool's decorator that decide its schemas. */
export function checkDecoratorSchemas({ decorator }: ScannedMethod): LocatedProblem[] {
  const { options, schemas, node, unread } = decorator;
  const isHere = unread?.getSourceFile() === node.getSourceFile();
  const computed = unread ? [{ problem: problems.computedDescriptions(), node: isHere ? unread : node }] : [];
  const invalid = (["input", "output"] as const).flatMap((side) => {
    const option = `${side}Schema` as const;
    const schema = options[option];
    return (schema ? findDecoratorSchemaProblems(schema, side) : []).map((problem) => ({
      problem: problems.invalidSchema(option, problem),
      node: schemas?.[side] ?? node,
    }));
  });
  return [...computed, ...invalid];
}

/** Finds a parameter by its name; else the method's name. */
export function parameterNode(method: ts.MethodDeclaration, name: string): ts.Node {
  return method.parameters.find((parameter) => parameter.name.getText() === name) ?? method.name;
}

function isStructured(schema: JsonSchema): boolean {
  if (schema["type"] === "object" || schema["$ref"] !== undefined) return true;
  const branches = (schema["anyOf"] ?? []) as readonly JsonSchema[];
  const items = schema["items"];
  return (
    branches.some((branch) => isStructured(branch)) || (typeof items === "object" && isStructured(items as JsonSchema))
  );
}

/** Checks whether a class or one of its bases has a method. */
function hasMethod(owner: ts.Node, name: string, checker: ts.TypeChecker): boolean {
  if (!ts.isClassLike(owner)) return false;
  const property = checker.getTypeAtLocation(owner).getProperty(name);
  return property !== undefined && checker.getTypeOfSymbol(property).getCallSignatures().length > 0;
}
