import { format, type OutputUnit, type Schema, Validator as Interpreter } from "@cfworker/json-schema";
import { type Duplicate, findDuplicate } from "../manifest/find-duplicate.ts";
import type { JsonSchema, ValidationError, Validator, JsonValue } from "../manifest/format.ts";
import { isUrl } from "../manifest/validation-runtime.ts";
import { parsePointer, schemaAtKeyword, valueAt, isSchema, schemasAt, schemasBelow, writePointer } from "./walk.ts";

// The interpreter's own expression takes twice the time for every character of some texts.
format["url"] = isUrl;

/**
 * Makes a check of a schema that is only known when the program runs. It interprets the schema: slower than generated code, but
 * without `eval`, and its problems have the same form.
 */
export function createSchemaValidator(schema: JsonSchema): Validator {
  const run = makeRun(schema);
  const relaxed = withoutUniqueItems(schema);
  const runRelaxed = relaxed && makeRun(relaxed);
  const validate: Validator = (value) => {
    validate.errors = runRelaxed ? checkUnique(value, { schema, run, runRelaxed }) : run(value);
    return validate.errors === null;
  };
  return validate;
}

type Run = (value: unknown) => readonly ValidationError[] | null;

function makeRun(schema: JsonSchema): Run {
  // The interpreter notes its own things in the schema it is given.
  const interpreter = new Interpreter(structuredClone(schema) as Schema, "2020-12", false);
  return (value) => {
    const { valid, errors } = interpreter.validate(value);
    return valid ? null : new UnitReader(schema, value).read(errors);
  };
}

// The interpreter compares every item with every other, and a client chooses how many there are.
const MAX_COMPARED = 1000;

/**
 * Without equal items, no `uniqueItems` can fail, and the interpreter does without them. It compares items only where some are equal and none of the arrays is
 * long; of a long one, what was found is the answer.
 */
function checkUnique(
  value: unknown,
  { schema, run, runRelaxed }: { readonly schema: JsonSchema; readonly run: Run; readonly runRelaxed: Run },
): readonly ValidationError[] | null {
  const arrays = findUniqueArrays(schema, value);
  const repeating = arrays.find(({ duplicate }) => duplicate);
  if (!repeating?.duplicate) return runRelaxed(value);
  if (arrays.every(({ length }) => length <= MAX_COMPARED)) return run(value);
  const { pointer, duplicate } = repeating;
  return [
    { keyword: "uniqueItems", instancePath: pointer, schemaPath: "#/uniqueItems", params: { ...duplicate } },
    ...(runRelaxed(value) ?? []),
  ];
}

/** Keywords whose own problem says nothing beyond the problems found inside. */
const CONTAINERS: ReadonlySet<string> = new Set(
  "$ref allOf properties patternProperties items prefixItems dependentSchemas if unevaluatedItems".split(" "),
);

/** Turns the interpreter's units, outer before inner, into errors as generated checks have them, inner before outer. */
class UnitReader {
  readonly #schema: JsonSchema;
  readonly #value: unknown;
  readonly #told = new Set<string>();
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
        // Every item too many has a unit of its own; the first tells how many there may be.
        if (this.#isFirst(unit)) this.#add({ ...unit, keyword: "maxItems" }, { limit: Number(name) });
        return;
      case "propertyNames":
        // The interpreter places these problems at the property that has the name, not at the object.
        this.read(inside.map((one) => ({ ...one, instanceLocation: unit.instanceLocation })));
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

  /** The interpreter has a unit for each missing name, but the name only in its text; all are read at the first of them. */
  #addMissing(unit: OutputUnit, names: unknown, params: object): void {
    const value = valueAt(this.#value, parsePointer(pointerOf(unit))) as object;
    for (const name of Array.isArray(names) ? (names as string[]) : []) {
      if (!Object.hasOwn(value, name) && this.#isFirst(unit, name))
        this.#add(unit, { ...params, missingProperty: name });
    }
  }

  /** Whether this was not told before: the interpreter repeats some of its units for each name or item that they concern. */
  #isFirst({ keywordLocation, instanceLocation }: OutputUnit, name = ""): boolean {
    const key = JSON.stringify([keywordLocation, instanceLocation, name]);
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }

  /** Where several alternatives of `oneOf` fit, some have no problem. */
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

  /** Why single items do not count is of no interest. */
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

  /** The schema that has the unit's keyword. */
  #schemaOf({ keywordLocation }: OutputUnit): JsonSchema {
    return schemaAtKeyword(this.#schema, decodeURIComponent(keywordLocation.slice(1)));
  }
}

/** Everything found inside a unit follows it, at locations below its own; that a schema is `false` has no location of its own. */
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

/** The interpreter's locations are URI fragments. */
function pointerOf({ instanceLocation }: OutputUnit): string {
  return decodeURIComponent(instanceLocation.slice(1));
}

/** An array that a schema may want to have no equal items. */
export interface UniqueArray {
  readonly pointer: string;
  readonly length: number;
  readonly duplicate: Duplicate | undefined;
}

/** Keywords by which a schema can reach an array in ways that the walk below does not follow. */
const INDIRECT = /"(?:not|if|contains|unevaluatedItems|\$dynamicRef|\$recursiveRef)":/;

/** Finds the arrays that a schema may want to have no equal items: all that it does, and some more where it has alternatives. */
function findUniqueArrays(schema: JsonSchema, value: unknown): readonly UniqueArray[] {
  const found: UniqueArray[] = [];
  const isAnywhere = INDIRECT.test(JSON.stringify(schema));
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

/** Keywords whose value is data, in which `uniqueItems` is a name like any other. */
const DATA: ReadonlySet<string> = new Set(["const", "enum", "default", "examples"]);
const SCHEMA_MAPS: ReadonlySet<string> = new Set(
  "$defs definitions properties patternProperties dependentSchemas".split(" "),
);

/** The schema without `uniqueItems`, or nothing if it has none. */
function withoutUniqueItems(schema: JsonSchema): JsonSchema | undefined {
  let isChanged = false;
  const strip = (value: JsonValue, isMap: boolean): JsonValue => {
    if (Array.isArray(value)) return value.map((item: JsonValue) => strip(item, false));
    if (!isSchema(value)) return value;
    const kept = Object.entries(value).filter(([keyword]) => isMap || keyword !== "uniqueItems");
    isChanged ||= kept.length < Object.keys(value).length;
    return Object.fromEntries(
      kept.map(([keyword, one]) => [
        keyword,
        !isMap && DATA.has(keyword) ? one : strip(one, !isMap && SCHEMA_MAPS.has(keyword)),
      ]),
    );
  };
  const stripped = strip(schema, false) as JsonSchema;
  return isChanged ? stripped : undefined;
}
