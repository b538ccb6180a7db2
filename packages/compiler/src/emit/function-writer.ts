import type { JsonSchema } from "methodic/manifest";
import type { CodeScope } from "./code-scope.ts";
import type { SchemaNode } from "./schema-reader.ts";
import { any, every, has, lacks, member, SCALAR_KEYWORDS, writeViolation } from "./violations.ts";

/** Number of property names up to which comparisons are faster than a set. */
const MAX_COMPARED_NAMES = 8;

/** Schemas that are `true` and `false`. */
const ANYTHING: SchemaNode = { keywords: {}, inner: [], uses: 1, isRecursive: false };
const NOTHING: SchemaNode = { ...ANYTHING, keywords: { enum: [] } };

/** The variable that holds a value, and the statement for a value that violates the schema. */
interface Place {
  readonly value: string;
  /** Number of variables in use. */
  readonly depth: number;
  readonly fail: string;
}

/** The functions of a module. */
export interface ValidatorFunctions {
  readonly scope: CodeScope;
  /** Checks whether a schema has a function. */
  readonly isFunction: (node: SchemaNode) => boolean;
  /** Returns the name of a schema's function. */
  readonly nameOf: (node: SchemaNode) => string;
}

/** Writes one function. */
export class FunctionWriter {
  readonly #functions: ValidatorFunctions;
  #variables = 0;
  #labels = 0;

  constructor(functions: ValidatorFunctions) {
    this.#functions = functions;
  }

  /** Writes the body of a function of `v0`. */
  write(node: SchemaNode): string {
    const expression = this.#writeExpression(node, "v0");
    if (expression !== undefined) return `return !(${expression || "false"})`;
    const statements = this.#writeKeywords(node, { value: "v0", depth: 0, fail: "return false;" });
    const names = Array.from({ length: this.#variables }, (_, i) => `v${i + 1}`).join();
    return `${names && `let ${names};`}${statements}return true`;
  }

  /** Writes the violation of a schema as an expression; undefined if that takes statements. */
  #writeInline(node: SchemaNode, value: string): string | undefined {
    return this.#functions.isFunction(node)
      ? `!${this.#functions.nameOf(node)}(${value})`
      : this.#writeExpression(node, value);
  }

  #writeExpression(node: SchemaNode, value: string): string | undefined {
    const { keywords } = node;
    const own = Object.keys(keywords).filter((keyword) => !SCALAR_KEYWORDS.has(keyword));
    const parts: string[] = [];
    for (const keyword of own) {
      const join = EXPRESSIONS[keyword];
      if (!join) return undefined;
      const list = [keywords[keyword]].flat().map((schema) => this.#writeInline(innerOf(schema, node), value));
      if (list.includes(undefined)) return undefined;
      parts.push(join(list as string[]));
    }
    return any([writeViolation(keywords, value, this.#functions.scope), ...parts]);
  }

  #write(node: SchemaNode, place: Place): string {
    const violation = this.#writeInline(node, place.value);
    if (violation !== undefined) return violation && `if(${violation})${place.fail}`;
    return this.#writeKeywords(node, place);
  }

  #writeKeywords(node: SchemaNode, place: Place): string {
    const { keywords } = node;
    const { type } = keywords;
    const violation = writeViolation(keywords, place.value, this.#functions.scope);
    const guard = (expected: string, test: string, code: string): string =>
      code === "" || type === expected ? code : `if(${test}){${code}}`;
    return [
      violation && `if(${violation})${place.fail}`,
      ...this.#writeApplicators(node, place),
      guard("array", `Array.isArray(${place.value})`, this.#writeArray(node, place)),
      guard("object", `isObject(${place.value})`, this.#writeObject(node, place)),
    ].join("");
  }

  *#writeApplicators(node: SchemaNode, place: Place): Iterable<string> {
    const { $ref, allOf, anyOf, oneOf, not, if: condition, then = true, else: otherwise = true } = node.keywords;
    const nodes = (schemas: unknown): readonly SchemaNode[] =>
      schemas === undefined ? [] : [schemas].flat().map((schema) => innerOf(schema, node));
    for (const inner of [...nodes($ref), ...nodes(allOf)]) yield this.#write(inner, place);
    if (anyOf !== undefined) yield this.#writeAnyOf(nodes(anyOf), place);
    if (oneOf !== undefined) {
      const counted = nodes(oneOf).map((inner) => this.#try(inner, place, "n++;"));
      yield `{let n=0;${counted.join("")}if(n!==1)${place.fail}}`;
    }
    if (not !== undefined) yield this.#try(innerOf(not, node), place, place.fail);
    if (condition !== undefined) {
      const end = this.#label();
      const met = `${this.#write(innerOf(then, node), place)}break ${end};`;
      yield `${end}:{${this.#try(innerOf(condition, node), place, met)}${this.#write(innerOf(otherwise, node), place)}}`;
    }
  }

  #writeAnyOf(nodes: readonly SchemaNode[], place: Place): string {
    const end = this.#label();
    const written = nodes.map((node) => [node, this.#writeInline(node, place.value)] as const);
    const simple = written.flatMap(([, violation]) => (violation === undefined ? [] : [violation]));
    const others = written.flatMap(([node, violation]) => (violation === undefined ? [node] : []));
    const first = simple.length === 0 ? "" : `if(!(${every(simple) || "false"}))break ${end};`;
    return `${end}:{${first}${others.map((node) => this.#try(node, place, `break ${end};`)).join("")}${place.fail}}`;
  }

  /** Writes a check and the statement for a value that passes it. */
  #try(node: SchemaNode, place: Place, passed: string): string {
    const label = this.#label();
    return `${label}:{${this.#write(node, { ...place, fail: `break ${label};` })}${passed}}`;
  }

  #writeArray(node: SchemaNode, place: Place): string {
    const { items = true, prefixItems = [], contains, minContains = 1, maxContains, uniqueItems } = node.keywords;
    const { value, fail } = place;
    const prefix = prefixItems as readonly JsonSchema[];
    const item = this.#variable(place);
    const read = (index: number | string): string => `${item.value}=${value}[${index}];`;
    const code = prefix.map((schema, i) => {
      const check = this.#write(innerOf(schema, node), item);
      return check && `if(${value}.length>${i}){${read(i)}${check}}`;
    });
    const loop = (start: number, check: string): string =>
      check && `for(let i=${start};i<${value}.length;i++){${read("i")}${check}}`;
    if (items === false) code.unshift(`if(${value}.length>${prefix.length})${fail}`);
    else code.push(loop(prefix.length, this.#write(innerOf(items, node), item)));
    if (uniqueItems === true)
      code.push(`if(${this.#functions.scope.helper("findDuplicate")}(${value})!==undefined)${fail}`);
    if (contains !== undefined) {
      const limits = [`n<${String(minContains)}`, maxContains === undefined ? "" : `n>${String(maxContains)}`];
      code.push(`{let n=0;${loop(0, this.#try(innerOf(contains, node), item, "n++;"))}if(${any(limits)})${fail}}`);
    }
    return code.join("");
  }

  /** Writes cheap checks before expensive ones, and those of all names last. */
  #writeObject(node: SchemaNode, place: Place): string {
    const { properties = {}, required = [], dependentRequired = {}, dependentSchemas = {} } = node.keywords;
    const { value, fail } = place;
    const known = Object.entries(properties as object).map(([name, schema]) => [name, innerOf(schema, node)] as const);
    const cheap = known.filter(([, { inner }]) => inner.length === 0);
    // The tag of a union's member.
    const tags = cheap.filter(([, { keywords }]) => keywords["const"] !== undefined);
    const first = new Map([...tags, ...cheap]);
    const missing = (required as readonly string[]).filter((name) => acceptsUndefined(first.get(name), name));
    const write = ([name, property]: readonly [string, SchemaNode]): string =>
      this.#writeProperty(property, { name, isRequired: (required as readonly string[]).includes(name) }, place);
    const dependent = Object.entries(dependentRequired as Record<string, string[]>).map(
      ([name, names]) =>
        `if(${has(value, name)}&&(${any(names.map((other) => lacks(value, other))) || "false"}))${fail}`,
    );
    const applied = Object.entries(dependentSchemas as Record<string, unknown>).map(
      ([name, schema]) => `if(${has(value, name)}){${this.#write(innerOf(schema, node), place)}}`,
    );
    return [
      ...[...first].map(write),
      missing.length > 0 ? `if(${any(missing.map((name) => lacks(value, name)))})${fail}` : "",
      ...known.filter(([name]) => !first.has(name)).map(write),
      ...dependent,
      ...applied,
      this.#writeNames(node, place),
    ].join("");
  }

  #writeProperty(
    node: SchemaNode,
    { name, isRequired }: { readonly name: string; readonly isRequired: boolean },
    place: Place,
  ): string {
    const item = this.#variable(place);
    const violation = this.#writeInline(node, item.value);
    const check =
      violation === undefined ? this.#writeKeywords(node, item) : violation && `if(${violation})${place.fail}`;
    if (check === "") return "";
    const read = `${item.value}=${member(place.value, name)};`;
    if (isRequired) return `${read}${check}`;
    const isPresent = name in Object.prototype ? has(place.value, name) : `${item.value}!==undefined`;
    return violation === undefined
      ? `${read}if(${isPresent}){${check}}`
      : `${read}if(${every([isPresent, violation])})${place.fail}`;
  }

  #writeNames(node: SchemaNode, place: Place): string {
    const {
      properties = {},
      patternProperties = {},
      additionalProperties = true,
      propertyNames = true,
    } = node.keywords;
    const item = this.#variable(place);
    const named = this.#write(innerOf(propertyNames, node), { ...item, value: "key" });
    const patterns = Object.entries(patternProperties as object).map(([pattern, schema]) => {
      const test = `${this.#functions.scope.pattern(pattern)}.test(key)`;
      return [test, this.#write(innerOf(schema, node), item)] as const;
    });
    const others = this.#write(innerOf(additionalProperties, node), item);
    const isOther = every([
      ...this.#notAmong(Object.keys(properties as object)),
      ...patterns.map(([test]) => `!${test}`),
    ]);
    const code = [
      ...patterns.map(([test, check]) => check && `if(${test}){${check}}`),
      others && (isOther === "" ? others : `if(${isOther}){${others}}`),
    ].join("");
    if (named === "" && code === "") return "";
    const read = code.includes(item.value) ? `${item.value}=${place.value}[key];` : "";
    return `for(const key in ${place.value}){${named}${read}${code}}`;
  }

  #notAmong(names: readonly string[]): readonly string[] {
    if (names.length > MAX_COMPARED_NAMES) return [`!${this.#functions.scope.set(names)}.has(key)`];
    return names.map((name) => `key!==${JSON.stringify(name)}`);
  }

  #variable({ depth, fail }: Place): Place {
    this.#variables = Math.max(this.#variables, depth + 1);
    return { value: `v${depth + 1}`, depth: depth + 1, fail };
  }

  #label(): string {
    return `l${this.#labels++}`;
  }
}

/** Applicators whose violation is an expression of the violations of their schemas. */
const EXPRESSIONS: Readonly<Record<string, (violations: readonly string[]) => string>> = {
  $ref: any,
  allOf: any,
  anyOf: every,
  not: ([violation = ""]) => (violation === "" ? "true" : `!(${violation})`),
};

function innerOf(schema: unknown, { inner }: SchemaNode): SchemaNode {
  if (typeof schema === "boolean") return schema ? ANYTHING : NOTHING;
  return inner[Number(typeof schema === "string" ? schema : (schema as JsonSchema)["$ref"])] as SchemaNode;
}

/** Checks for a property whose own check might not notice that it is missing. */
function acceptsUndefined(node: SchemaNode | undefined, name: string): boolean {
  if (!node || name in Object.prototype) return true;
  return (
    node.keywords["type"] === undefined && node.keywords["const"] === undefined && node.keywords["enum"] === undefined
  );
}
