import {
  convertByStyle,
  isSchema,
  MANIFEST_VERSION,
  type ConfigData,
  type ConfigVariable,
  type JsonSchema,
} from "methodic/manifest";
import type ts from "typescript";
import { problems, type Problem } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import { dropInvalidDefaults, nameEnumValues } from "../schema/finished-schema.ts";
import { formatTypePath } from "../schema/read/unsupported-type.ts";
import type { SiteCompilation, SiteDeps } from "./compile-sites.ts";
import { PropertyPlaces } from "./property-places.ts";

/** Compiles a call of `config`: the environment variables that carry the properties of its type. */
export function compileConfig(type: ts.TypeNode, { schemas, project }: SiteDeps): SiteCompilation {
  const made = schemas.createWholeInput({ kind: "node", node: type });
  if (!made.ok) return { problems: made.problems };
  const places = new PropertyPlaces(type, project);
  const found: LocatedProblem[] = [...made.warnings];
  const schema = dropInvalidDefaults(nameEnumValues(made.schema), (path, value) => {
    const problem = problems.rejectedDefault(formatTypePath(path), JSON.stringify(value), "used");
    found.push(places.locate(problem, path));
  });
  if (!isGroup(schema)) return { problems: [{ problem: problems.configNotObject(type.getText()), node: type }] };
  const variables = listVariables(schema, places, (problem, path) => void found.push(places.locate(problem, path)));
  const data: ConfigData = {
    version: MANIFEST_VERSION,
    type: type.getText(),
    variables,
    schema,
    ...(made.revival && { revival: made.revival }),
  };
  return { data, problems: found };
}

/** Lists the variables of all properties, and reports those that a variable cannot carry. */
function listVariables(
  root: JsonSchema,
  places: PropertyPlaces,
  report: (problem: Problem, path: readonly string[]) => void,
): ConfigVariable[] {
  const variables: ConfigVariable[] = [];
  const visit = (schema: JsonSchema, path: readonly string[]): void => {
    for (const [key, property] of Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>)) {
      const at = [...path, key];
      const name = at.map(variableName).join("_");
      const shown = formatTypePath(at);
      const other = variables.find((variable) => variable.name === name);
      if (isGroup(property)) visit(property, at);
      else if (other) report(problems.sameVariable(name, shown, formatTypePath(other.path)), at);
      else {
        if (!isCarried(property)) report(problems.uncarriedSetting(shown, places.typeAt(at)), at);
        variables.push({ name, path: at, ...(places.hasTag(at, "secret") && { secret: true as const }) });
      }
    }
  };
  visit(root, []);
  return variables;
}

function variableName(property: string): string {
  return convertByStyle(property.replaceAll(/[^\p{L}\p{N}_$]+/gu, "_"), "snake_case").toUpperCase();
}

/** Checks for an object whose properties have a variable each. */
function isGroup({ type, properties, additionalProperties, patternProperties, anyOf }: JsonSchema): boolean {
  return type === "object" && isSchema(properties) && !isSchema(additionalProperties) && !patternProperties && !anyOf;
}

/** Checks whether text can be the value: one scalar, or a list of scalars. */
function isCarried(schema: JsonSchema): boolean {
  const { type, items, prefixItems } = schema;
  if (type !== "array") return isScalar(schema);
  return prefixItems === undefined && isSchema(items) && isScalar(items);
}

const SCALARS: readonly unknown[] = ["string", "number", "integer", "boolean", "null"];

function isScalar({ type, const: only, enum: values, anyOf }: JsonSchema): boolean {
  if (Array.isArray(anyOf)) return anyOf.every((branch) => isSchema(branch) && isScalar(branch));
  if (type === undefined) return only !== undefined || values !== undefined;
  return [type].flat().every((name) => SCALARS.includes(name));
}
