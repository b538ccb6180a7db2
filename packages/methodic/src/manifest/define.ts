import { addLazy } from "../util/lazy.ts";
import type {
  InputSchema,
  JsonSchema,
  MemberData,
  MemberManifest,
  MemberValidators,
  ServiceManifest,
} from "./format.ts";
import { readSchemaPool, type SchemaPool } from "./schema-pool.ts";

/** A member in generated code: its schemas may be indexes in the module's pool. */
type PooledMember = Omit<MemberData, "inputSchema" | "outputSchema" | "publishedSchemas"> & {
  readonly inputSchema?: InputSchema | number;
  readonly outputSchema?: JsonSchema | number;
  readonly publishedSchemas?: { readonly input?: InputSchema | number; readonly output?: JsonSchema | number };
};

/** Options of {@link defineManifest}, which generated code passes. */
export interface ManifestOptions {
  /** The version of the manifest format that the code was generated for. */
  readonly version: number;
  /**
   * The members' data by method name, as an object or as JSON text. Text is parsed on first use,
   * which is cheaper for large classes.
   */
  readonly members: string | Readonly<Record<string, PooledMember>>;
  readonly contextIndexes?: ServiceManifest["contextIndexes"];
  /**
   * Returns the module's pool of schemas, as JSON text. Called once, when the first schema that is
   * in it is needed.
   */
  readonly schemas?: () => string;
  /** Creates the members' validators. Called once, when the first of them is needed. */
  readonly validators: () => Readonly<Record<string, MemberValidators>>;
}

/**
 * Defines the manifest of a compiled class. For generated code only.
 * Parses and creates nothing until it is read.
 */
export function defineManifest(options: ManifestOptions): ServiceManifest {
  let validators: Readonly<Record<string, MemberValidators>> | undefined;
  const validatorsOf = (name: string): MemberValidators => {
    validators ??= options.validators();
    const found = Object.hasOwn(validators, name) ? validators[name] : undefined;
    if (!found) throw new TypeError(`The manifest has no validators for the method '${name}'.`);
    return found;
  };
  let pool: SchemaPool | undefined;
  const schemaAt = (index: number): JsonSchema => {
    pool ??= readSchemaPool(options.schemas?.() ?? "[]");
    return pool(index);
  };
  const readMembers = (): ServiceManifest["members"] => {
    const given = options.members;
    const data: Readonly<Record<string, PooledMember>> = typeof given === "string" ? JSON.parse(given) : given;
    const members: Record<string, MemberManifest> = Object.create(null);
    for (const [name, member] of Object.entries(data)) {
      const published = member.publishedSchemas && {
        publishedSchemas: withSchemas(member.publishedSchemas, schemaAt),
      };
      const read = withSchemas({ ...member, ...published }, schemaAt) as MemberData;
      members[name] = addLazy(read, { validators: () => validatorsOf(name) });
    }
    return members;
  };
  const { version, contextIndexes } = options;
  return addLazy({ version, ...(contextIndexes && { contextIndexes }) }, { members: readMembers });
}

/** Copies an object; its numbers are indexes of schemas, which are read on first use. */
function withSchemas(given: object, schemaAt: (index: number) => JsonSchema): object {
  const indexes = Object.entries(given).filter(([, value]) => typeof value === "number");
  return addLazy({ ...given }, Object.fromEntries(indexes.map(([key, index]) => [key, () => schemaAt(index)])));
}
