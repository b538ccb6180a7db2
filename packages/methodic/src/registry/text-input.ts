import { MethodicError } from "../errors.ts";
import { type DecoratorSchema, readDecoratorSchema } from "../json-schema/decorator-schema.ts";
import { createSchemaValidator } from "../json-schema/interpret.ts";
import { readUnion } from "../manifest/discriminated-union.ts";
import type { InputSchema, TypedMember, Validator } from "../manifest/format.ts";
import { addLazy } from "../util/lazy.ts";
import type { DecoratedMethod } from "./decorated-methods.ts";
import { assertTyped } from "./tool-schemas.ts";

/** The input of a prompt or resource, which arrives as text. */
export interface TextInput {
  readonly member: TypedMember;
  /** The schema that validates the input. Undefined: the method's types do. */
  readonly inputSchema: DecoratorSchema | undefined;
}

/**
 * Reads the input of a prompt or resource: from its types, or from the schema of `definePrompt` or
 * `defineResource`.
 * @throws MethodicError `INVALID_SCHEMA`
 */
export function readTextInput({ member, where, textInput }: DecoratedMethod): TextInput {
  if (!textInput) return { member: assertTyped(member, where), inputSchema: undefined };
  const { schema, option } = textInput;
  const inputSchema = readDecoratorSchema(schema, { where, side: "input", option });
  const root = inputSchema.schema as InputSchema;
  if (readUnion(root)) {
    const reason = `${where}: the option '${option}' is a union, whose members a client cannot list.`;
    throw new MethodicError("INVALID_SCHEMA", `${reason} Write one object.`);
  }
  const validators = addLazy({}, { input: () => createInputValidator(root) });
  return { member: { ...member, inputSchema: root, validators }, inputSchema };
}

function createInputValidator(schema: InputSchema): Validator {
  const validator = createSchemaValidator(schema);
  return (value) => validator.validate(value) === undefined;
}
