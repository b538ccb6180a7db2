import type { JsonSchema } from "../manifest/format.ts";
import { isSchema, resolvePointer } from "../manifest/schema-walk.ts";
import { isRecord } from "../util/record.ts";
import { alternativesError, chooseAlternative } from "./alternatives.ts";
import {
  all,
  ASSERTIONS,
  checkBase64,
  checkDependentRequired,
  checkRequired,
  checkUniqueItems,
  createAssertion,
  entriesOf,
  has,
  MAXIMUM_SIZES,
} from "./assertions.ts";
import { createUnionCheck } from "./dispatch-union.ts";
import { createUnevaluated } from "./unevaluated.ts";
import { type Check, ValidationRun, type ValidationErrors } from "./validation-run.ts";

/** Checks values against one schema that is known only at run time, without `eval`. */
export interface SchemaValidator {
  /** Returns the errors of a value; undefined if it is valid. */
  validate(value: unknown): ValidationErrors | undefined;
  /** Returns the errors of a value that is not valid. */
  findErrors(value: unknown): ValidationErrors;
}

/** Options of {@link createSchemaValidator}. */
export interface ValidatorOptions {
  /** Checks `contentEncoding`, an annotation to JSON Schema, as generated validators do. */
  readonly checkEncoding?: boolean;
}

/**
 * Creates a validator. Time and memory of a validation are linear in the size of the value,
 * whatever it is.
 */
export function createSchemaValidator(schema: JsonSchema, options: ValidatorOptions = {}): SchemaValidator {
  const check = new SchemaCompiler(schema, options.checkEncoding === true).compile(schema);
  return {
    validate(value) {
      const run = new ValidationRun();
      return run.test(check, value) ? undefined : run.findErrors(check, value);
    },
    findErrors: (value) => new ValidationRun().findErrors(check, value),
  };
}

/** Creates a keyword's check; undefined if it allows everything. */
type CreateCheck = (schema: JsonSchema) => Check | undefined;

/** Turns the schemas of a document into checks, each once. */
class SchemaCompiler {
  readonly #root: JsonSchema;
  readonly #checkEncoding: boolean;
  readonly #checks = new Map<unknown, Check>();

  constructor(root: JsonSchema, checkEncoding: boolean) {
    this.#root = root;
    this.#checkEncoding = checkEncoding;
  }

  /** Creates the check of a schema. */
  compile(schema: unknown): Check {
    let check = this.#checks.get(schema);
    if (!check)
      this.#checks.set(schema, (check = isSchema(schema) ? this.#compileSchema(schema) : checkBoolean(schema)));
    return check;
  }

  /** Returns the schemas in a keyword's value. */
  list(value: unknown): readonly Check[] {
    return Array.isArray(value) ? value.map((schema) => this.compile(schema)) : [];
  }

  #compileSchema(schema: JsonSchema): Check {
    const isEncoded = this.#checkEncoding && schema["contentEncoding"] === "base64";
    const assertions = (table: typeof ASSERTIONS): readonly Check[] =>
      [...table].flatMap(([keyword, assertion]) => {
        const check = keyword in schema ? createAssertion(keyword, assertion, schema) : undefined;
        return check ? [check] : [];
      });
    const sizes = all(assertions(MAXIMUM_SIZES));
    const content = all([
      ...assertions(ASSERTIONS),
      ...(isEncoded ? [checkBase64(schema)] : []),
      ...this.#applicators.flatMap((create) => create(schema) ?? []),
    ]);
    return (value, run) => sizes(value, run) && content(value, run);
  }

  // In the order of their checks.
  readonly #applicators: readonly CreateCheck[] = [
    (schema) => this.#reference(schema),
    (schema) => this.#items(schema),
    (schema) => (schema["uniqueItems"] === true ? checkUniqueItems(schema) : undefined),
    (schema) => this.#contains(schema),
    checkRequired,
    checkDependentRequired,
    (schema) => this.#propertyNames(schema),
    (schema) => this.#properties(schema),
    (schema) => this.#dependentSchemas(schema),
    ({ allOf }) => (allOf === undefined ? undefined : all(this.list(allOf))),
    (schema) => this.#alternatives(schema),
    (schema) => this.#not(schema),
    (schema) => this.#condition(schema),
    (schema) => createUnevaluated(schema, { compile: (inner) => this.compile(inner), root: this.#root }),
  ];

  #reference({ $ref }: JsonSchema): Check | undefined {
    if (typeof $ref !== "string") return undefined;
    let target: Check | undefined;
    // On first use, because a reference may lead back to the schema that is being compiled.
    return (value, run) => run.recall((target ??= this.compile(resolvePointer(this.#root, $ref) ?? true)), value);
  }

  #items(schema: JsonSchema): Check | undefined {
    const { prefixItems, items } = schema;
    const prefix = this.list(prefixItems);
    const others = items === undefined || items === true ? undefined : this.compile(items);
    if (prefix.length === 0 && !others) return undefined;
    return (value, run) => {
      if (!Array.isArray(value)) return true;
      // Not for each item: the client determines how many there are.
      if (items === false && value.length > prefix.length)
        return run.fail("maxItems", schema, { limit: prefix.length });
      let isValid = true;
      const end = others ? value.length : Math.min(prefix.length, value.length);
      for (let i = 0; i < end; i++) {
        if (run.child((i < prefix.length ? prefix[i] : others) as Check, value[i], i)) continue;
        isValid = false;
        if (run.isDone) break;
      }
      return isValid;
    };
  }

  #contains(schema: JsonSchema): Check | undefined {
    if (schema["contains"] === undefined) return undefined;
    const check = this.compile(schema["contains"]);
    const { minContains = 1, maxContains } = schema as { readonly minContains?: number; readonly maxContains?: number };
    return (value, run) => {
      if (!Array.isArray(value)) return true;
      let count = 0;
      for (const item of value) if (run.test(check, item)) count++;
      if (count >= minContains && count <= (maxContains ?? count)) return true;
      return run.fail("contains", schema, { minContains, ...(maxContains !== undefined && { maxContains }) });
    };
  }

  #propertyNames(schema: JsonSchema): Check | undefined {
    if (schema["propertyNames"] === undefined) return undefined;
    const check = this.compile(schema["propertyNames"]);
    return (value, run) => {
      if (!isRecord(value)) return true;
      let isValid = true;
      for (const name of run.namesOf(value)) {
        if (run.test(check, name)) continue;
        isValid = run.isCollecting && run.fail("name", schema, { name, error: run.collect(check, name)[0] });
        if (run.isDone) break;
      }
      return isValid;
    };
  }

  #properties(schema: JsonSchema): Check | undefined {
    const { properties, patternProperties, additionalProperties, required } = schema;
    const named = entriesOf(properties).map(([name, inner]) => [name, this.compile(inner)] as const);
    const byName = new Map(named);
    const patterns = entriesOf(patternProperties).map(
      ([pattern, inner]) => [new RegExp(pattern, "u"), this.compile(inner)] as const,
    );
    const others = additionalProperties === undefined ? undefined : this.compile(additionalProperties);
    if (byName.size === 0 && patterns.length === 0 && (!others || additionalProperties === true)) return undefined;
    const needed = new Set(Array.isArray(required) ? required : []);
    const checkProperty = (key: string, item: unknown, run: ValidationRun): boolean => {
      const own = byName.get(key);
      let isValid = !own || (needed.has(key) ? run.child(own, item, key) : run.optional(own, item, key));
      let isKnown = own !== undefined;
      for (const [pattern, check] of patterns) {
        if (!pattern.test(key)) continue;
        isKnown = true;
        isValid = run.child(check, item, key) && isValid;
      }
      if (isKnown || !others) return isValid;
      if (additionalProperties === false) return run.fail("additionalProperties", schema, { additionalProperty: key });
      return run.child(others, item, key);
    };
    return (value, run) => {
      if (!isRecord(value)) return true;
      let isValid = true;
      for (const key of run.namesOf(value)) {
        if (checkProperty(key, value[key], run)) continue;
        isValid = false;
        if (run.isDone) break;
      }
      return isValid;
    };
  }

  #dependentSchemas({ dependentSchemas }: JsonSchema): Check | undefined {
    const checks = entriesOf(dependentSchemas).map(([name, schema]) => [name, this.compile(schema)] as const);
    if (checks.length === 0) return undefined;
    return all(
      checks.map(
        ([name, check]) =>
          (value, run) =>
            !has(value, name) || check(value, run),
      ),
    );
  }

  #alternatives(schema: JsonSchema): Check | undefined {
    if (schema["anyOf"] === undefined && schema["oneOf"] === undefined) return undefined;
    const deps = { root: this.#root, compile: (inner: JsonSchema): Check => this.compile(inner) };
    return (
      createUnionCheck(schema, deps) ?? all([this.#anyOf(schema), this.#oneOf(schema)].flatMap((one) => one ?? []))
    );
  }

  #anyOf(schema: JsonSchema): Check | undefined {
    const checks = this.list(schema["anyOf"]);
    if (checks.length === 0) return undefined;
    return (value, run) => {
      if (checks.some((check) => run.test(check, value))) return true;
      return this.#failAlternatives(schema, checks, { value, run });
    };
  }

  #oneOf(schema: JsonSchema): Check | undefined {
    const checks = this.list(schema["oneOf"]);
    if (checks.length === 0) return undefined;
    return (value, run) => {
      const passing = checks.filter((check) => run.test(check, value));
      if (passing.length === 1) return true;
      if (passing.length === 0) return this.#failAlternatives(schema, checks, { value, run });
      if (run.isCollecting)
        run.add([alternativesError(run.error("oneOf", schema, {}), "a value that fits only one of the alternatives")]);
      return false;
    };
  }

  #failAlternatives(
    schema: JsonSchema,
    checks: readonly Check[],
    { value, run }: { readonly value: unknown; readonly run: ValidationRun },
  ): false {
    if (run.isCollecting) {
      const branches = checks.map((check) => run.collect(check, value));
      run.add(chooseAlternative(run.error("anyOf", schema, {}), branches));
    }
    return false;
  }

  #not(schema: JsonSchema): Check | undefined {
    if (schema["not"] === undefined) return undefined;
    const check = this.compile(schema["not"]);
    return (value, run) => !run.test(check, value) || run.fail("not", schema);
  }

  #condition(schema: JsonSchema): Check | undefined {
    if (schema["if"] === undefined) return undefined;
    const condition = this.compile(schema["if"]);
    const [then, otherwise] = [this.compile(schema["then"] ?? true), this.compile(schema["else"] ?? true)];
    return (value, run) => (run.test(condition, value) ? then : otherwise)(value, run);
  }
}

function checkBoolean(schema: unknown): Check {
  return (_value, run) => schema !== false || run.fail("false schema", {});
}
