import type { JsonSchema } from "../format.ts";
import {
  isAnnotation,
  isSchema,
  mapSubschemas,
  oncePerSchema,
  parseDefinitionReference,
  referenceTo,
  resolvePointer,
  subschemasOf,
} from "../schema-walk.ts";
import { SchemaTable } from "./schema-table.ts";
import { withTypeName } from "./type-names.ts";

type Definitions = { readonly [name: string]: JsonSchema };

/**
 * Writes out references in place, except those of recursive definitions. Of these, it merges equal
 * ones and drops those that only name another or that nothing refers to. Equal schemas are one
 * object in the result, so that it takes no more memory than with references.
 */
export function writeOutReferences(root: JsonSchema, table: SchemaTable = new SchemaTable()): JsonSchema {
  const merged = mergeDefinitions(root, table);
  const isRecursive = findRecursive(merged);
  const whole = isRecursive.size > 0 ? inlineReferences(merged, isRecursive, table) : merged;
  return table.unify(nameDefinitions(dropUnusedDefinitions(whole)));
}

function inlineReferences(root: JsonSchema, isRecursive: ReadonlyMap<string, boolean>, table: SchemaTable): JsonSchema {
  const inline = oncePerSchema((schema: JsonSchema): JsonSchema => {
    const { $ref, ...own } = schema;
    const target = isRecursive.get(String($ref)) === false ? resolvePointer(root, String($ref)) : undefined;
    if (!isSchema(target)) return mapSubschemas(schema, inline);
    const whole = withTypeName(inline(target), table.nameOf(target) ?? parseDefinitionReference($ref)?.name);
    // The annotations at the place of use override those of the target.
    const merges = Object.keys(own).every((keyword) => isAnnotation(keyword) || !(keyword in whole));
    return merges ? { ...whole, ...mapSubschemas(own, inline) } : mapSubschemas(schema, inline);
  });
  return inline(root);
}

/** Finds all references of a document, and whether their targets lead back to themselves. */
function findRecursive(root: JsonSchema): ReadonlyMap<string, boolean> {
  const targets = new Map<string, readonly string[]>();
  const open = [...referencesIn(root)];
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    if (targets.has(reference)) continue;
    const target = resolvePointer(root, reference);
    const found = isSchema(target) ? [...referencesIn(target)] : [];
    targets.set(reference, found);
    open.push(...found);
  }
  const leadsBack = (start: string): boolean => {
    const seen = new Set<string>();
    const next = [...(targets.get(start) ?? [])];
    for (let reference = next.pop(); reference !== undefined; reference = next.pop()) {
      if (reference === start) return true;
      if (!seen.has(reference)) next.push(...(targets.get(reference) ?? []));
      seen.add(reference);
    }
    return false;
  };
  return new Map([...targets.keys()].map((reference) => [reference, leadsBack(reference)]));
}

function referencesIn(schema: JsonSchema): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = oncePerSchema((inner: JsonSchema): void => {
    if (typeof inner["$ref"] === "string") found.add(inner["$ref"]);
    for (const part of subschemasOf(inner)) visit(part.schema);
  });
  visit(schema);
  return found;
}

/** Merges equal definitions, and replaces those that only name another one. */
function mergeDefinitions(root: JsonSchema, table: SchemaTable): JsonSchema {
  const { $defs } = root;
  if (!isSchema($defs)) return root;
  const definitions = $defs as Definitions;
  const names = Object.keys(definitions);
  let merged = new Map<string, string>(names.map((name) => [name, names[0] ?? name]));
  // Definitions are equal until a difference is found; each round finds those one reference deeper.
  for (let count = 0; new Set(merged.values()).size > count;) {
    count = new Set(merged.values()).size;
    const first = new Map<JsonSchema, string>();
    const rename = renameReferences((inner) => merged.get(inner) ?? inner);
    merged = new Map(
      names.map((name) => {
        const target = resolveAlias(name, definitions);
        const key = table.unify(rename(definitions[target] ?? {}));
        if (!first.has(key)) first.set(key, target);
        return [name, first.get(key) ?? target];
      }),
    );
  }
  return renameReferences((name) => merged.get(name) ?? name)(root);
}

/** Follows definitions that are only a reference to another. */
function resolveAlias(name: string, definitions: Definitions): string {
  let current = name;
  for (let hops = 0; hops < 16; hops++) {
    const definition = definitions[current];
    const target = definition && Object.keys(definition).length === 1 ? wholeDefinition(definition["$ref"]) : undefined;
    if (target === undefined || !Object.hasOwn(definitions, target)) break;
    current = target;
  }
  return current;
}

function wholeDefinition(reference: unknown): string | undefined {
  const parsed = parseDefinitionReference(reference);
  return parsed?.isWhole ? parsed.name : undefined;
}

function renameReferences(rename: (name: string) => string): (schema: JsonSchema) => JsonSchema {
  const change = oncePerSchema((schema: JsonSchema): JsonSchema => {
    const renamed = mapSubschemas(schema, change);
    const name = wholeDefinition(renamed["$ref"]);
    return name === undefined ? renamed : { ...renamed, $ref: referenceTo(rename(name)) };
  });
  return change;
}

function dropUnusedDefinitions(root: JsonSchema): JsonSchema {
  const { $defs, definitions, ...others } = root;
  if ($defs === undefined && definitions === undefined) return root;
  const used = new Set<string>();
  const open = [...referencesIn(others)];
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    if (used.has(reference)) continue;
    used.add(reference);
    const target = resolvePointer(root, reference);
    if (isSchema(target)) open.push(...referencesIn(target));
  }
  const names = new Set([...used].map((reference) => parseDefinitionReference(reference)?.name));
  const kept = Object.entries(isSchema($defs) ? $defs : {}).filter(([name]) => names.has(name));
  const isOlder = [...used].some((reference) => reference.startsWith("#/definitions/"));
  return {
    ...others,
    ...(isOlder && definitions !== undefined && { definitions }),
    ...(kept.length > 0 && { $defs: Object.fromEntries(kept) }),
  };
}

/** Drops the numbers that names no longer need once other definitions are gone. */
function nameDefinitions(root: JsonSchema): JsonSchema {
  const { $defs } = root;
  if (!isSchema($defs)) return root;
  const names = new Map<string, string>(Object.keys($defs).map((name) => [name, name]));
  for (const name of names.keys()) {
    const plain = name.replace(/_\d+$/, "");
    if (![...names.values()].includes(plain)) names.set(name, plain);
  }
  const renamed = renameReferences((name) => names.get(name) ?? name)(root);
  const entries = Object.entries(renamed["$defs"] as Definitions);
  return { ...renamed, $defs: Object.fromEntries(entries.map(([name, schema]) => [names.get(name) ?? name, schema])) };
}
