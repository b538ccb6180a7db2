import { type DiscriminatedUnion, readUnion } from "../manifest/discriminated-union.ts";
import type { JsonSchema } from "../manifest/format.ts";
import { isSchema, memberOf } from "../manifest/schema-walk.ts";
import { isRecord } from "../util/record.ts";
import type { Check, ValidationError, ValidationRun } from "./validation-run.ts";

/** The compiler of the document that a union belongs to. */
interface UnionDeps {
  readonly root: JsonSchema;
  readonly compile: (schema: JsonSchema) => Check;
}

/**
 * Creates the check of a discriminated union: only the member that the discriminator chooses is
 * checked, so that every error is about the member that was meant. Undefined for other schemas.
 */
export function createUnionCheck(schema: JsonSchema, { root, compile }: UnionDeps): Check | undefined {
  const { anyOf, oneOf } = schema;
  const union = readUnion({ type: "object", ...(anyOf === undefined ? { oneOf } : { anyOf }) } as JsonSchema, root);
  if (!union) return undefined;
  // On first use, because a member may lead back to the union.
  let checks: ReadonlyMap<unknown, Check> | undefined;
  return (value, run) => {
    if (!isRecord(value)) return run.fail("type", OBJECT, { type: "object" });
    checks ??= new Map(union.members.flatMap((member) => member.values.map((one) => [one, compile(member.schema)])));
    const tag = memberOf(value, union.name);
    const check = checks.get(tag) ?? (run.isCollecting ? checks.get(misspelled(tag, union)) : undefined);
    if (!check) return failTag(union, tag, run);
    if (!run.isCollecting) return check(value, run);
    const errors = run.collect(check, value);
    const isUnknown = ({ keyword, path }: ValidationError): boolean =>
      keyword === "additionalProperties" && path.length === run.depth;
    const names = errors.some(isUnknown) ? namesOf(union) : undefined;
    run.add(names ? errors.map((error) => (isUnknown(error) ? markForeign(error, names) : error)) : errors);
    return errors.length === 0;
  };
}

const OBJECT: JsonSchema = { type: "object" };

/** Returns the number or boolean that a text stands for; undefined if it is not a discriminator. */
function misspelled(tag: unknown, { members }: DiscriminatedUnion): unknown {
  if (typeof tag !== "string") return undefined;
  return members.flatMap(({ values }) => values).find((value) => String(value) === tag.trim().toLowerCase());
}

function failTag({ name, members }: DiscriminatedUnion, tag: unknown, run: ValidationRun): false {
  if (tag === undefined) return run.fail("required", OBJECT, { missingProperty: name });
  const allowedValues = members.flatMap(({ values }) => values);
  return run.child((_, inner) => inner.fail("enum", { enum: allowedValues }, { allowedValues }), tag, name) as false;
}

/** Returns the names of all members' properties. */
function namesOf({ members }: DiscriminatedUnion): ReadonlySet<string> {
  return new Set(
    members.flatMap(({ schema }) => {
      const inner = readUnion(schema);
      return inner ? [...namesOf(inner)] : isSchema(schema["properties"]) ? Object.keys(schema["properties"]) : [];
    }),
  );
}

/**
 * Marks an unknown name that another member has: clients that fill in all properties of the
 * published object send `null` for it.
 */
function markForeign(error: ValidationError, names: ReadonlySet<string>): ValidationError {
  const { params } = error;
  return names.has(String(params["additionalProperty"]))
    ? { ...error, params: { ...params, isOfOtherMember: true } }
    : error;
}

/** The member of a union that a value chooses. */
export interface ChosenMember {
  /** `action "add"` */
  readonly label: string;
  /** The member's schema, with the definitions of its document. */
  readonly schema: JsonSchema;
}

/** Finds the member of a document's union that a value chooses; undefined without such a union. */
export function chooseMember(root: JsonSchema, value: unknown): ChosenMember | undefined {
  const union = readUnion(root);
  const tag = union && memberOf(value, union.name);
  const member = union?.members.find(({ values }) => values.some((one) => one === tag));
  if (!union || !member) return undefined;
  const { $defs } = root;
  const schema = { ...member.schema, ...($defs !== undefined && { $defs }) };
  const label = `${union.name} ${JSON.stringify(tag)}`;
  const inner = chooseMember(schema, value);
  return inner ? { label: `${label} and ${inner.label}`, schema: inner.schema } : { label, schema };
}
