import type { ToolOptions } from "../decorators/definition.ts";
import { MethodicError } from "../errors.ts";
import type { InputSchema, JsonSchema, MemberManifest, ResultKind, TypedMember } from "../manifest/format.ts";
import { type DecoratorSchema, readDecoratorSchema } from "../json-schema/decorator-schema.ts";

/** What a tool takes and returns, whether its types say it or its decorator. */
export interface ToolSchemas {
  readonly inputSchema: InputSchema;
  readonly outputSchema: JsonSchema | undefined;
  /** Present if the decorator gives the schema: then the manifest has no check for it. */
  readonly givenInput: DecoratorSchema | undefined;
  readonly givenOutput: DecoratorSchema | undefined;
  readonly result: ResultKind;
}

type Side = "input" | "output";

/**
 * Puts together the schemas of a tool.
 * @throws MethodicError if the decorator's schemas are unusable, or if the compiler did not see that there are any
 */
export function readToolSchemas(options: ToolOptions, member: MemberManifest, where: string): ToolSchemas {
  const givenInput = readGiven("input", { options, member, where });
  const givenOutput = readGiven("output", { options, member, where });
  return {
    inputSchema: (givenInput?.schema as InputSchema | undefined) ?? assertTyped(member, where).inputSchema,
    outputSchema: givenOutput?.schema ?? member.outputSchema,
    givenInput,
    givenOutput,
    result: givenOutput && member.result !== "content" ? "structured" : member.result,
  };
}

/**
 * The manifest of a method whose types say its input.
 * @throws MethodicError `MANIFEST_VERSION` if the manifest has none, as no compiler writes it
 */
export function assertTyped(member: MemberManifest, where: string): TypedMember {
  if (member.inputSchema) return member as TypedMember;
  throw new MethodicError(
    "MANIFEST_VERSION",
    `${where}: its manifest has no input schema. Install methodic and @methodic/compiler in the same version and build again.`,
  );
}

/** What the compiler saw and what the program says must agree: the artifact that CI keeps would be wrong otherwise. */
function readGiven(
  side: Side,
  {
    options,
    member,
    where,
  }: { readonly options: ToolOptions; readonly member: MemberManifest; readonly where: string },
): DecoratorSchema | undefined {
  const option = `${side}Schema` as const;
  const given = options[option];
  const wasSeen = member.decoratorSchemas?.includes(side) ?? false;
  if (given !== undefined && wasSeen) return readDecoratorSchema(given, { where, side });
  if (given === undefined && !wasSeen) return undefined;
  throw new MethodicError(
    "INVALID_SCHEMA",
    given === undefined
      ? `${where}: its option ${option} is undefined, and the method was compiled for a schema given there. Give the schema, or remove the option and build again.`
      : `${where}: its option ${option} is given in a way that the compiler cannot see, so the method was compiled by its types. ` +
          `Write it in the decorator call itself, @tool({ ${option}: … }), and build again.`,
  );
}
