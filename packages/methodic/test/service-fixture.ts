import addFormats from "ajv-formats";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { ComponentDecorator } from "../src/decorators/tool.ts";
import { defineManifest } from "../src/manifest/define.ts";
import {
  type InputSchema,
  type JsonSchema,
  MANIFEST_KEY,
  MANIFEST_VERSION,
  type MemberData,
  type MemberValidators,
  type ResultKind,
  type Validator,
} from "../src/manifest/format.ts";

/** What a test says of a method that the compiler would have read from its source. */
export interface MemberFixture {
  readonly as: ComponentDecorator;
  /** Default `tool`. */
  readonly kind?: MemberData["kind"];
  /** The method's named parameters in order; the schema's properties must have the same names. */
  readonly properties?: { readonly [name: string]: JsonSchema };
  /** Default: all of them. */
  readonly required?: readonly string[];
  readonly contextIndex?: number;
  readonly wholeInput?: true;
  readonly names?: readonly string[];
  readonly $defs?: JsonSchema;
  readonly title?: string;
  readonly description?: string;
  /** Default `text`, or `structured` with an output schema. */
  readonly result?: ResultKind;
  readonly outputSchema?: JsonSchema;
  /** The schemas that the decorator gives. */
  readonly decoratorSchemas?: readonly ("input" | "output")[];
}

/** Does to a class what the compiler and the decorators do to a real one. */
export function defineService<C extends new (...args: never[]) => object>(
  service: C,
  members: { readonly [method: string]: MemberFixture },
): C {
  for (const [name, { as }] of Object.entries(members)) {
    const descriptor = Object.getOwnPropertyDescriptor(service.prototype, name);
    as(service.prototype as object, name, descriptor as PropertyDescriptor);
  }
  return attachManifest(service, members);
}

/** Gives a class a manifest, as compiled code does. */
export function attachManifest<C extends object>(
  service: C,
  members: { readonly [method: string]: Omit<MemberFixture, "as"> },
): C {
  const data = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, memberData(member)]));
  const manifest = defineManifest({
    version: MANIFEST_VERSION,
    members: JSON.stringify(data),
    validators: () => compileValidators(data),
  });
  return Object.defineProperty(service, MANIFEST_KEY, { value: manifest, configurable: true });
}

function memberData(fixture: Omit<MemberFixture, "as">): MemberData {
  const {
    properties = {},
    required = Object.keys(properties),
    outputSchema,
    contextIndex,
    wholeInput,
    title,
    description,
  } = fixture;
  const inputSchema: InputSchema = {
    type: "object",
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    ...(fixture.$defs && { $defs: fixture.$defs }),
  };
  return {
    kind: fixture.kind ?? "tool",
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    parameters: {
      names: fixture.names ?? Object.keys(properties),
      ...(contextIndex !== undefined && { contextIndex }),
      ...(wholeInput && { wholeInput }),
    },
    ...(fixture.decoratorSchemas && { decoratorSchemas: fixture.decoratorSchemas }),
    ...(!fixture.decoratorSchemas?.includes("input") && { inputSchema }),
    ...(outputSchema && { outputSchema }),
    result: fixture.result ?? (outputSchema ? "structured" : "text"),
  };
}

function compileValidators(data: { readonly [name: string]: MemberData }): {
  readonly [name: string]: MemberValidators;
} {
  const compile = compiler();
  return Object.fromEntries(
    Object.entries(data).map(([name, { inputSchema, outputSchema }]) => [
      name,
      { ...(inputSchema && { input: compile(inputSchema) }), ...(outputSchema && { output: compile(outputSchema) }) },
    ]),
  );
}

/** Compiles a schema to a check like those that the compiler generates. */
export function compiler(): (schema: JsonSchema) => Validator {
  let functions = 0;
  // As in generated code, the paths of a recursive definition's function begin with a number of its own.
  const process = (code: string, env?: { readonly root: unknown }): string =>
    env && env.root !== env ? code.replaceAll('schemaPath:"#/', `schemaPath:"#${++functions}/`) : code;
  const ajv = new Ajv2020({ allErrors: true, strict: false, code: { process: process as (code: string) => string } });
  (addFormats as unknown as (instance: Ajv2020) => void)(ajv);
  return (schema) => ajv.compile(schema) as ValidateFunction as Validator;
}
