import type { JsonSchemaValidator, jsonSchemaValidator } from "@modelcontextprotocol/server";
import type { Answer, AnyFormValues, Question } from "../context/answers.ts";
import { MethodicError } from "../errors.ts";
import { findSchemaProblems } from "../manifest/check-schema.ts";
import type { JsonSchema } from "../manifest/format.ts";
import { isRecord } from "../util/record.ts";
import { quote } from "../util/text.ts";
import { findProblems, NUMBER, TEXT, TEXTS, toPlainQuestion } from "./check-question.ts";
import type { ClientQuestion, ReadAnswer } from "./client-question.ts";

/** The parameters of a form that both eras share. */
interface Form {
  readonly message: string;
  readonly requestedSchema: JsonSchema;
}

const COUNT = { type: "integer", minimum: 0 };
const TITLED = {
  type: "array",
  items: { type: "object", properties: { const: TEXT, title: TEXT }, required: ["const", "title"] },
};
const CHOICES = {
  anyOf: [
    { type: "object", properties: { type: { const: "string" }, enum: TEXTS }, required: ["type", "enum"] },
    { type: "object", properties: { anyOf: TITLED }, required: ["anyOf"] },
  ],
};

function fieldOf(type: JsonSchema, keywords: JsonSchema, required: readonly string[] = []): JsonSchema {
  const properties = { type, title: TEXT, description: TEXT, ...keywords };
  return { type: "object", properties, required: ["type", ...required] };
}

const STRING_KEYWORDS = {
  default: TEXT,
  enum: TEXTS,
  enumNames: TEXTS,
  oneOf: TITLED,
  minLength: COUNT,
  maxLength: COUNT,
  format: { enum: ["email", "uri", "date", "date-time"] },
};

/** The schema of a form (MCP 2025-11-25, "Requested Schema"): a flat object. */
const FORM_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    message: TEXT,
    requestedSchema: {
      type: "object",
      properties: {
        type: { const: "object" },
        properties: {
          type: "object",
          additionalProperties: {
            anyOf: [
              fieldOf({ const: "string" }, STRING_KEYWORDS),
              fieldOf({ enum: ["number", "integer"] }, { default: NUMBER, minimum: NUMBER, maximum: NUMBER }),
              fieldOf({ const: "boolean" }, { default: { type: "boolean" } }),
              fieldOf({ const: "array" }, { default: TEXTS, minItems: COUNT, maxItems: COUNT, items: CHOICES }, [
                "items",
              ]),
            ],
          },
        },
        required: TEXTS,
      },
      required: ["type", "properties"],
    },
  },
  required: ["message", "requestedSchema"],
};

/**
 * Creates the question of `Context.elicit`.
 * @throws MethodicError `INVALID_ARGUMENT` if it is not a form
 */
export function createFormQuestion(
  { message, key }: Question,
  requestedSchema: JsonSchema,
): ClientQuestion<Answer<AnyFormValues>> {
  const form = readForm(message, requestedSchema);
  return {
    label: `question ${quote(form.message)}`,
    capability: "elicitation.form",
    method: "elicitation/create",
    params: { mode: "form", ...form },
    key,
    read: (response) => readAnswer(response, form),
  };
}

/**
 * Checks a form. Clients would answer an invalid one with errors in the words of their validator.
 */
function readForm(message: string, requestedSchema: JsonSchema): Form {
  const form = copyForm({ message, requestedSchema });
  const problems = findProblems(form, FORM_SCHEMA, "content") ?? findKeywordProblems(form);
  if (problems.length > 0) throw createFormError(problems.join(" "));
  return form;
}

/**
 * Checks the forms among the requests of `inputRequired`.
 * @throws MethodicError `INVALID_ARGUMENT`
 */
export function checkForms(requests: object): void {
  for (const request of Object.values(requests) as readonly unknown[]) {
    if (!isRecord(request) || request["method"] !== "elicitation/create" || !isRecord(request["params"])) continue;
    const { mode, message, requestedSchema } = request["params"];
    if (mode !== "url") readForm(message as string, requestedSchema as JsonSchema);
  }
}

function copyForm(form: Form): Form {
  const copied = toPlainQuestion(form);
  if ("problem" in copied) throw createFormError(copied.problem);
  return copied.plain as unknown as Form;
}

/** Finds invalid keywords, and required fields that the form lacks. */
function findKeywordProblems({ requestedSchema }: Form): readonly string[] {
  const { properties, required = [] } = requestedSchema as { properties: object; required?: readonly string[] };
  const unknown = required.filter((name) => !Object.hasOwn(properties, name));
  return [
    ...findSchemaProblems(requestedSchema).map((problem) => `requestedSchema: ${problem.replace(/\.$/, "")}.`),
    ...unknown.map((name) => `requestedSchema.required: the form has no field "${name}".`),
  ];
}

function createFormError(problems: string): MethodicError {
  return new MethodicError(
    "INVALID_ARGUMENT",
    `Invalid form for the user: ${problems} Pass a message and a flat object schema with fields of type string, number, ` +
      "integer, boolean, or array (of choices).",
  );
}

/**
 * Reads a client's response to a form. Clients leave out the content of a form without required
 * fields.
 */
function readAnswer(response: unknown, { requestedSchema }: Form): ReadAnswer<Answer<AnyFormValues>> {
  const { action, content } = isRecord(response) ? response : {};
  if (action === "decline" || action === "cancel") return { answer: { action } };
  if (action !== "accept") return { problems: ['action: expected "accept", "decline" or "cancel".'] };
  const fields = content ?? {};
  const problems = findProblems(fields, requestedSchema, "content");
  if (problems) return { problems };
  const names = Object.keys(requestedSchema["properties"] as object);
  return { answer: { action, data: pick(fields as AnyFormValues, names) } };
}

/** Keeps the fields of the form: nothing checked the others. */
function pick(content: AnyFormValues, names: readonly string[]): AnyFormValues {
  return Object.fromEntries(Object.entries(content).filter(([name]) => names.includes(name)));
}

/**
 * Validates answers that authors ask for through the SDK. The SDK's own validators take quadratic
 * time for some answers.
 */
export const ANSWER_VALIDATORS: jsonSchemaValidator = {
  getValidator<T>(schema: object): JsonSchemaValidator<T> {
    return (value) => {
      const problems = findProblems(value, schema as JsonSchema, "content");
      if (problems) return { valid: false, data: undefined, errorMessage: problems.join("; ") };
      return { valid: true, data: value as T, errorMessage: undefined };
    };
  },
};
