import type { ToolOptions } from "../decorators/definition.ts";
import { MethodicError } from "../errors.ts";
import { type DecoratorSchema, readDecoratorSchema } from "../json-schema/decorator-schema.ts";
import { publishedSchemaOf } from "../manifest/client-rules/publish.ts";
import type { PublishedSchemas } from "../manifest/descriptions.ts";
import type { InputSchema, JsonSchema, MemberManifest, ResultKind, TypedMember } from "../manifest/format.ts";
import type { RefsMode } from "../manifest/decorator-options.ts";
import { addLazy } from "../util/lazy.ts";

/** A tool's schemas, from its types or its decorator. */
export interface ToolSchemas {
  readonly inputSchema: InputSchema;
  readonly outputSchema: JsonSchema | undefined;
  /** The schemas that clients see, which accept at least what the exact ones above accept. */
  readonly published: PublishedSchemas;
  /**
   * The decorator's option `inputSchema`. If present, the manifest has no validator for the input.
   */
  readonly decoratorInput: DecoratorSchema | undefined;
  /**
   * The decorator's option `outputSchema`. If present, the manifest has no validator for the
   * output.
   */
  readonly decoratorOutput: DecoratorSchema | undefined;
  readonly result: ResultKind;
}

type Side = "input" | "output";

/** A method with the options of its decorator. */
interface DecoratedTool {
  readonly options: ToolOptions;
  readonly member: MemberManifest;
  readonly where: string;
  /** The use of references, if the decorator or the server sets it. */
  readonly refs: RefsMode | undefined;
}

/**
 * Reads the schemas of a tool.
 * @throws MethodicError `INVALID_SCHEMA` if a schema of the decorator is invalid or the compiler
 *   did not see it
 */
export function readToolSchemas(tool: DecoratedTool): ToolSchemas {
  const { options, member, where, refs } = tool;
  const decoratorInput = readOption("input", tool);
  const decoratorOutput = readOption("output", tool);
  if (!decoratorInput) assertTyped(member, where);
  const hasOutput = options.outputSchema !== false && (decoratorOutput !== undefined || "outputSchema" in member);
  const published = addLazy(
    {},
    {
      input: () => (decoratorInput?.published ?? publishedSchemaOf(member, "input", refs)) as InputSchema,
      ...(hasOutput && {
        output: () => decoratorOutput?.published ?? (publishedSchemaOf(member, "output", refs) as JsonSchema),
      }),
    },
  );
  const result = resultOf(member.result, options.outputSchema === false ? "none" : decoratorOutput && "given");
  // Schemas of types are not parsed until a client lists them, or a value violates one.
  return addLazy(
    { published, decoratorInput, decoratorOutput, result },
    {
      inputSchema: () => (decoratorInput?.schema ?? member.inputSchema) as InputSchema,
      outputSchema: () => (hasOutput ? (decoratorOutput?.schema ?? member.outputSchema) : undefined),
    },
  );
}

/** Returns the kind of a result whose decorator gives a schema, or says that it has none. */
function resultOf(kind: ResultKind, schema: "given" | "none" | undefined): ResultKind {
  if (kind === "content" || schema === undefined) return kind;
  if (schema === "given") return "structured";
  return kind === "structured" ? "dynamic" : kind;
}

/**
 * Narrows the manifest of a method whose parameters define its input.
 * @throws MethodicError `MANIFEST_VERSION` if the manifest has no input schema
 */
export function assertTyped(member: MemberManifest, where: string): TypedMember {
  if ("inputSchema" in member) return member as TypedMember;
  throw new MethodicError(
    "MANIFEST_VERSION",
    `${where}: its manifest has no input schema. Install the same version of methodic and @methodic/compiler, and build again.`,
  );
}

/**
 * Refuses the option `render` of a tool without structured data, whose text it would replace.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 */
export function assertRenderable({ result }: ToolSchemas, where: string): void {
  if (result === "structured") return;
  throw new MethodicError(
    "INVALID_DECORATOR_OPTIONS",
    `@tool on ${where}: invalid option 'render': the result has no structured data. Return an object, ` +
      "or return the text itself and remove the option.",
  );
}

/**
 * Reads a schema of the decorator. The compiler must have seen it too, or the artifact that CI
 * checks would be wrong.
 */
function readOption(side: Side, { options, member, where, refs }: DecoratedTool): DecoratorSchema | undefined {
  const option = `${side}Schema` as const;
  const schema = options[option];
  const wasSeen = member.decoratorSchemas?.includes(side) ?? false;
  if (side === "output" && schema === false && wasSeen) return undefined;
  if (schema !== undefined && wasSeen) return readDecoratorSchema(schema, { where, side, refs });
  if (schema === undefined && !wasSeen) return undefined;
  throw new MethodicError(
    "INVALID_SCHEMA",
    schema === undefined
      ? `${where}: invalid option '${option}': undefined. The method was compiled with a schema there; pass it, or remove the option and build again.`
      : `${where}: the compiler did not see the option '${option}' and compiled the method from its types. ` +
          `Write the option inline in the decorator call, @tool({ ${option}: … }), and build again.`,
  );
}
