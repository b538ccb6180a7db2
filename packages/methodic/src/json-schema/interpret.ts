import { format, type OutputUnit, type Schema, Validator as Interpreter } from "@cfworker/json-schema";
import { type Duplicate, findDuplicate } from "../manifest/find-duplicate.ts";
import type { JsonSchema, ValidationError, Validator } from "../manifest/format.ts";
import { mapSchema, parsePointer, walkSchema } from "../manifest/schema-walk.ts";
import { isUrl } from "../manifest/validation-runtime.ts";
import { schemaAtKeyword, schemasAt, schemasBelow, valueAt, writePointer } from "./navigate.ts";

/**
 * Creates a validator for a schema that is known only at run time. It interprets the schema: slower
 * than generated code, but without `eval`. It reports errors like those of generated validators.
 */
export function createSchemaValidator(schema: JsonSchema): Validator {
  const validateAll = createInterpreter(schema);
  const relaxed = withoutUniqueItems(schema);
  const unique = relaxed && {
    schema,
    isAnywhere: hasIndirectArrays(schema),
    validateAll,
    validateOthers: createInterpreter(relaxed),
  };
  const validate: Validator = (value) => {
    validate.errors = unique ? validateUnique(value, unique) : validateAll(value);
    return validate.errors === null;
  };
  return validate;
}

type Interpret = (value: unknown) => readonly ValidationError[] | null;

function createInterpreter(schema: JsonSchema): Interpret {
  // The library's own expression takes exponential time on some texts. Its table of formats is
  // global; assigning the entry again is harmless.
  format["url"] = isUrl;
  // Cloned, because the library adds properties to the schema.
  const interpreter = new Interpreter(structuredClone(schema) as Schema, "2020-12", false);
  return (value) => {
    const { valid, errors } = interpreter.validate(value);
    return valid ? null : new ErrorAdapter(schema, value).read(errors);
  };
}

/** A schema with `uniqueItems`, and its interpreters with and without that keyword. */
interface UniqueSchema {
  readonly schema: JsonSchema;
  /** The schema may reach arrays that {@link schemasBelow} does not find. */
  readonly isAnywhere: boolean;
  readonly validateAll: Interpret;
  readonly validateOthers: Interpret;
}

// The library compares every item with every other one, and a client chooses how many there are.
const MAX_COMPARED = 1000;

/**
 * Validates a value without comparing all pairs of a long array. Without equal items, `uniqueItems`
 * cannot fail and is left out. With equal items, the library compares if no array is long; else the
 * first duplicate found is the error.
 */
function validateUnique(value: unknown, unique: UniqueSchema): readonly ValidationError[] | null {
  const arrays = findUniqueArrays(value, unique);
  const repeating = arrays.find(({ duplicate }) => duplicate);
  if (!repeating?.duplicate) return unique.validateOthers(value);
  if (arrays.every(({ length }) => length <= MAX_COMPARED)) return unique.validateAll(value);
  const { pointer, duplicate } = repeating;
  return [
    { keyword: "uniqueItems", instancePath: pointer, schemaPath: "#/uniqueItems", params: { ...duplicate } },
    ...(unique.validateOthers(value) ?? []),
  ];
}

/** Keywords whose own error adds nothing to the errors found inside. */
const CONTAINERS: ReadonlySet<string> = new Set(
  "$ref allOf properties patternProperties items prefixItems dependentSchemas if unevaluatedItems".split(" "),
);

/**
 * Converts the library's output units, outer before inner, into errors as generated validators
 * report them, inner before outer.
 */
class ErrorAdapter {
  readonly #schema: JsonSchema;
  readonly #value: unknown;
  readonly #reported = new Set<string>();
  #errors: ValidationError[] = [];

  constructor(schema: JsonSchema, value: unknown) {
    this.#schema = schema;
    this.#value = value;
  }

  read(units: readonly OutputUnit[]): readonly ValidationError[] {
    for (let i = 0; i < units.length;) {
      const end = endOfContent(units, i);
      this.#readUnit(units[i] as OutputUnit, units.slice(i + 1, end));
      i = end;
    }
    return this.#errors;
  }

  #readUnit(unit: OutputUnit, inside: readonly OutputUnit[]): void {
    const { keyword } = unit;
    const [first] = inside;
    const isRefused = first?.keyword === "false";
    const name = first && parsePointer(pointerOf(first)).at(-1);
    switch (keyword) {
      case "additionalProperties":
      case "unevaluatedProperties":
        if (!isRefused) return void this.read(inside);
        return this.#add(unit, { [keyword.replace("Properties", "Property")]: name });
      case "items":
      case "unevaluatedItems":
        if (!isRefused) return void this.read(inside);
        // Each excess item has its own unit; the index of the first one is the limit.
        if (this.#isFirst(unit)) this.#add({ ...unit, keyword: "maxItems" }, { limit: Number(name) });
        return;
      case "propertyNames":
        // The library reports these at the property that has the name, not at the object.
        this.read(inside.map((inner) => ({ ...inner, instanceLocation: unit.instanceLocation })));
        return this.#add(unit, { propertyName: name });
      case "oneOf":
        this.read(inside);
        return this.#add(unit, this.#passingOf(unit, inside));
      case "minContains":
      case "maxContains":
      case "contains":
        return this.#addContains(unit);
      case "uniqueItems": {
        const [j, i] = unit.error.match(/\d+/g) ?? [];
        return this.#add(unit, { j, i });
      }
      case "false":
        return this.#add({ ...unit, keyword: "false schema" }, {});
      default:
        this.read(inside);
        if (!CONTAINERS.has(keyword)) this.#addPlain(unit);
    }
  }

  #addPlain(unit: OutputUnit): void {
    const schema = this.#schemaOf(unit);
    const value = valueAt(this.#value, parsePointer(pointerOf(unit)));
    if (unit.keyword === "required") return this.#addMissing(unit, schema["required"], {});
    if (unit.keyword === "dependentRequired") {
      const present = Object.entries((schema["dependentRequired"] ?? {}) as object);
      for (const [property, names] of present)
        if (Object.hasOwn(value as object, property)) this.#addMissing(unit, names, { property });
      return;
    }
    this.#add(unit, paramsOf(unit, schema));
  }

  /**
   * Adds all missing names at the first of their units: the library has one for each name, but only
   * in its message.
   */
  #addMissing(unit: OutputUnit, names: unknown, params: object): void {
    const value = valueAt(this.#value, parsePointer(pointerOf(unit))) as object;
    for (const name of Array.isArray(names) ? (names as string[]) : []) {
      if (!Object.hasOwn(value, name) && this.#isFirst(unit, name))
        this.#add(unit, { ...params, missingProperty: name });
    }
  }

  /**
   * Checks whether a unit is new: the library repeats some units for each name or item that they
   * concern.
   */
  #isFirst({ keywordLocation, instanceLocation }: OutputUnit, name = ""): boolean {
    const key = JSON.stringify([keywordLocation, instanceLocation, name]);
    if (this.#reported.has(key)) return false;
    this.#reported.add(key);
    return true;
  }

  /** Finds the alternatives of a `oneOf` that have no error, if there are several. */
  #passingOf(unit: OutputUnit, inside: readonly OutputUnit[]): ValidationError["params"] {
    const { oneOf } = this.#schemaOf(unit);
    const start = `${unit.keywordLocation}/`;
    const failing = new Set(
      inside.map(({ keywordLocation }) =>
        keywordLocation.startsWith(start) ? keywordLocation.slice(start.length).split("/")[0] : undefined,
      ),
    );
    const passing = (Array.isArray(oneOf) ? oneOf : []).flatMap((schema, i) =>
      failing.has(String(i)) || schema === false ? [] : [i],
    );
    return { passingSchemas: passing.length > 1 ? passing : null };
  }

  /** Drops the errors of single items: an item that does not match `contains` is not a mistake. */
  #addContains(unit: OutputUnit): void {
    const path = unit.keywordLocation.replace(/\/(?:min|max)?[cC]ontains$/, "/contains");
    this.#errors = this.#errors.filter(({ schemaPath }) => !schemaPath.startsWith(`${path}/`));
    const { minContains = 1, maxContains } = this.#schemaOf(unit);
    this.#add({ ...unit, keyword: "contains" }, { minContains, ...(maxContains !== undefined && { maxContains }) });
  }

  #add(unit: OutputUnit, params: ValidationError["params"]): void {
    this.#errors.push({
      keyword: unit.keyword,
      instancePath: pointerOf(unit),
      schemaPath: unit.keywordLocation,
      params,
    });
  }

  /** Returns the schema that has the unit's keyword. */
  #schemaOf({ keywordLocation }: OutputUnit): JsonSchema {
    return schemaAtKeyword(this.#schema, decodeURIComponent(keywordLocation.slice(1)));
  }
}

/**
 * Finds the end of the units inside a unit. They follow it, at locations below it; units of `false`
 * schemas have no location.
 */
function endOfContent(units: readonly OutputUnit[], start: number): number {
  const prefix = `${units[start]?.keywordLocation}/`;
  let end = start + 1;
  while (end < units.length) {
    const unit = units[end] as OutputUnit;
    if (unit.keyword !== "false" && !unit.keywordLocation.startsWith(prefix)) break;
    end++;
  }
  return end;
}

function paramsOf({ keyword }: OutputUnit, schema: JsonSchema): ValidationError["params"] {
  const value = schema[keyword];
  switch (keyword) {
    case "const":
      return { allowedValue: value };
    case "enum":
      return { allowedValues: value };
    case "minimum":
      return { limit: value, comparison: ">=" };
    case "maximum":
      return { limit: value, comparison: "<=" };
    case "exclusiveMinimum":
      return { limit: value, comparison: ">" };
    case "exclusiveMaximum":
      return { limit: value, comparison: "<" };
    case "type":
    case "format":
    case "pattern":
    case "multipleOf":
      return { [keyword]: value };
    default:
      return { limit: value };
  }
}

/** Returns a unit's JSON Pointer; the library writes it as a URI fragment. */
function pointerOf({ instanceLocation }: OutputUnit): string {
  return decodeURIComponent(instanceLocation.slice(1));
}

/** An array whose items a schema may require to be unique. */
interface UniqueArray {
  readonly pointer: string;
  readonly length: number;
  readonly duplicate: Duplicate | undefined;
}

/** Keywords that lead to arrays which {@link schemasBelow} does not find. */
const INDIRECT = ["not", "if", "contains", "unevaluatedItems"];

function hasIndirectArrays(schema: JsonSchema): boolean {
  let isIndirect = false;
  walkSchema(schema, (inner) => void (isIndirect ||= INDIRECT.some((keyword) => keyword in inner)));
  return isIndirect;
}

/**
 * Finds every array whose items must be unique. All alternatives of a schema are taken together, so
 * the result may include arrays that need not be unique.
 */
function findUniqueArrays(value: unknown, { schema, isAnywhere }: UniqueSchema): readonly UniqueArray[] {
  const found: UniqueArray[] = [];
  const visit = (at: unknown, schemas: readonly JsonSchema[], path: readonly string[]): void => {
    if (typeof at !== "object" || at === null || (schemas.length === 0 && !isAnywhere)) return;
    if (Array.isArray(at) && (isAnywhere || schemas.some(({ uniqueItems }) => uniqueItems === true)))
      found.push({ pointer: writePointer(path), length: at.length, duplicate: findDuplicate(at) });
    for (const [key, child] of Object.entries(at))
      if (typeof child === "object" && child !== null)
        visit(child, schemasBelow(schemas, { key, root: schema }), [...path, key]);
  };
  visit(value, schemasAt(schema, []), []);
  return found;
}

/** Returns the schema without `uniqueItems`; undefined if it has none. */
function withoutUniqueItems(schema: JsonSchema): JsonSchema | undefined {
  let isChanged = false;
  const relaxed = mapSchema(schema, ({ uniqueItems, ...others }) => {
    isChanged ||= uniqueItems !== undefined;
    return others;
  });
  return isChanged ? relaxed : undefined;
}
