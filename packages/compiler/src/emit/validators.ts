import type { JsonSchema, MemberData } from "methodic/manifest";
import { CodeScope, type ValidationHelper } from "./code-scope.ts";
import { SchemaReader, type SchemaNode } from "./schema-reader.ts";
import { ValidatorWriter } from "./validator-writer.ts";

/**
 * Generated validators: JavaScript that depends only on the helpers it names. They return verdicts;
 * the runtime finds the errors of invalid values.
 */
export interface ValidatorCode {
  /**
   * Statements of a function body, ending with the `return` of a list with an object `{ method: {
   * input, output? } }` for each class.
   */
  readonly body: string;
  /** The helpers that the body refers to, by the requested local names. */
  readonly helpers: readonly ValidationHelper[];
}

/** The part of a member that {@link generateValidators} needs. */
export type ValidatedMember = Pick<MemberData, "inputSchema" | "outputSchema">;

/** A method's schema. */
interface MemberPart {
  readonly member: string;
  readonly part: "input" | "output";
}

/** Thrown for a schema that cannot be compiled, for example because of a malformed pattern. */
export class SchemaCompileError extends Error {
  override readonly name: string = "SchemaCompileError";
  readonly member: string;
  readonly part: "input" | "output";

  constructor(at: MemberPart, cause: unknown) {
    super(
      `The ${at.part} schema of '${at.member}' cannot be compiled: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
    this.member = at.member;
    this.part = at.part;
  }
}

/**
 * Writes the input and output validators of a module's classes as the body of one function: no
 * `require`, no `new Function`, no names outside it. Equal schemas, and equal parts of schemas,
 * share their functions.
 * @param classes The methods to validate, by name
 * @param localNames The names of the helpers where the code will be inserted
 * @throws SchemaCompileError if a schema is not a valid JSON Schema 2020-12
 */
export function generateValidators(
  classes: readonly ReadonlyMap<string, ValidatedMember>[],
  localNames: Readonly<Record<ValidationHelper, string>>,
): ValidatorCode {
  const reader = new SchemaReader();
  const parts = classes.flatMap((members) => [...members].flatMap(partsOf));
  for (const { schema, ...at } of parts) attempt(at, () => reader.add(schema));
  const nodes = reader.finish();
  const writer = new ValidatorWriter(new CodeScope(localNames));
  const names = new Map(
    parts.map(({ schema, ...at }, i) => [schema, attempt(at, () => writer.nameOf(nodes[i] as SchemaNode))]),
  );
  const tables = classes.map((members) => {
    const entries = [...members].map((entry) => {
      const checks = partsOf(entry).map(({ part, schema }) => `${part}:${names.get(schema)}`);
      // A plain `__proto__` key in an object literal would set the prototype.
      const key = entry[0] === "__proto__" ? '["__proto__"]' : JSON.stringify(entry[0]);
      return `${key}:{${checks.join()}}`;
    });
    return `{${entries.join()}}`;
  });
  const { code, scope } = writer;
  return { body: `${code}return [${tables.join()}];`, helpers: scope.helpers };
}

function partsOf([member, { inputSchema, outputSchema }]: readonly [string, ValidatedMember]): readonly (MemberPart & {
  readonly schema: JsonSchema;
})[] {
  return [
    ...(inputSchema ? [{ member, part: "input", schema: inputSchema } as const] : []),
    ...(outputSchema ? [{ member, part: "output", schema: outputSchema } as const] : []),
  ];
}

function attempt<T>(at: MemberPart, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new SchemaCompileError(at, error);
  }
}
