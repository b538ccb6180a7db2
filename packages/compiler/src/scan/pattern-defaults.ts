import { resolveRef, type JsonSchema } from "methodic/manifest";
import ts from "typescript";
import { readConstant } from "./constants.ts";
import { readDefault } from "./default-values.ts";
import { Scope } from "./scope.ts";
import type { Library } from "../schema/read/library-types.ts";

/** Adds the default values of destructuring patterns to schemas. */
export class PatternDefaults {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;

  constructor(checker: ts.TypeChecker, library: Library) {
    this.#checker = checker;
    this.#library = library;
  }

  /**
   * Adds the default values and optional properties of a pattern to the schema of its type; in a
   * union, to every member that has the property.
   */
  apply(schema: JsonSchema, pattern: ts.ObjectBindingPattern, root: JsonSchema = schema): JsonSchema {
    const { anyOf } = schema;
    if (!Array.isArray(anyOf)) return this.#applyToObject(schema, pattern);
    if (!pattern.elements.some(({ name, initializer }) => initializer || !ts.isIdentifier(name))) return schema;
    const branches = (anyOf as readonly JsonSchema[]).map((branch) =>
      this.apply(resolveRef(branch, root), pattern, root),
    );
    return { ...schema, anyOf: branches };
  }

  /** Returns the name of the property that a pattern's element reads, if it is known. */
  nameOf({ propertyName, name }: ts.BindingElement): string | undefined {
    const key = propertyName ?? name;
    if (ts.isIdentifier(key)) return key.text;
    if (ts.isBindingName(key)) return undefined;
    if (!ts.isComputedPropertyName(key)) return key.text;
    const value = readConstant(key.expression, new Scope(this.#checker))?.value;
    return value === undefined ? undefined : String(value);
  }

  #applyToObject(schema: JsonSchema, pattern: ts.ObjectBindingPattern): JsonSchema {
    const properties: Record<string, JsonSchema> = {
      ...(schema["properties"] as Record<string, JsonSchema> | undefined),
    };
    let required = (schema["required"] as readonly string[] | undefined) ?? [];
    for (const element of pattern.elements) {
      const { name, initializer } = element;
      const key = this.nameOf(element);
      const property = key === undefined || !Object.hasOwn(properties, key) ? undefined : properties[key];
      if (key === undefined || !property) continue;
      if (ts.isObjectBindingPattern(name) && property["properties"])
        properties[key] = this.#applyToObject(property, name);
      if (!initializer) continue;
      const value = readDefault(initializer, this.#checker, this.#library);
      required = required.filter((other) => other !== key);
      if (value !== undefined) properties[key] = { ...properties[key], default: value };
    }
    const { required: _, ...rest } = schema;
    return Object.fromEntries(
      Object.entries({ ...rest, properties, ...(required.length > 0 && { required }) }).sort(
        ([a], [b]) => rankOf(a) - rankOf(b),
      ),
    );
  }
}

/** The position of a keyword in an input schema. */
function rankOf(keyword: string): number {
  const rank = ["title", "description", "type", "properties", "required", "additionalProperties"].indexOf(keyword);
  return rank === -1 ? Number.MAX_SAFE_INTEGER : rank;
}
