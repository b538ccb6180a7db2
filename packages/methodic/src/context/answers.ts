import type { JsonSchema } from "../manifest/format.ts";
import type { Root, SamplingMessage, SamplingOptions, SamplingResult } from "./sampling.ts";

/** The user's answer to a question. `data` is present if the user accepts. */
export type Answer<T> =
  | { readonly action: "accept"; readonly data: T }
  | { readonly action: "decline" }
  | { readonly action: "cancel" };

/** The user's answer to `Context.elicitUrl`. */
export type UrlAnswer =
  | {
      readonly action: "accept";
      /**
       * Tells the client that the user has finished on the page, also after the call has ended.
       * Only clients of 2025-11-25 are told, the only revision with a notification for it. Never
       * rejects.
       */
      readonly complete: () => Promise<void>;
    }
  | { readonly action: "decline" }
  | { readonly action: "cancel" };

/** A question to the user that has a name. */
export interface Question {
  /** The question, as the user reads it. */
  readonly message: string;
  /**
   * The question's name in its call. Default: from the text of the question. Give a question a key
   * if its text changes when the method runs again, for example because it contains the time.
   */
  readonly key?: string;
}

/** The value of a field of a form. */
export type FormValue = string | number | boolean | readonly string[];

/** The values of the form that a schema describes. */
export type FormValues<Schema> = Schema extends { readonly properties: infer Fields }
  ? string extends keyof Fields
    ? AnyFormValues
    : FieldValues<Fields, RequiredFields<Schema> & keyof Fields>
  : AnyFormValues;

/** The values of a form whose fields are not known at build time. */
export interface AnyFormValues {
  readonly [field: string]: FormValue | undefined;
}

type RequiredFields<Schema> = Schema extends { readonly required: readonly (infer Name)[] } ? Name : never;

// An object and not an intersection, for readable hovers.
type FieldValues<Fields, Required extends keyof Fields> = Flat<
  { readonly [Name in Required]: FieldValue<Fields[Name]> } & {
    readonly [Name in Exclude<keyof Fields, Required>]?: FieldValue<Fields[Name]>;
  }
>;

type Flat<T> = { [Name in keyof T]: T[Name] };

type FieldValue<Field> = Field extends { readonly enum: readonly (infer Value)[] }
  ? Value
  : Field extends { readonly oneOf: readonly { readonly const: infer Value }[] }
    ? Value
    : Field extends { readonly anyOf: readonly { readonly const: infer Value }[] }
      ? Value
      : Field extends { readonly type: "array"; readonly items: infer Items }
        ? readonly FieldValue<Items>[]
        : TypedValue<Field>;

type TypedValue<Field> = Field extends { readonly type: "string" }
  ? string
  : Field extends { readonly type: "number" | "integer" }
    ? number
    : Field extends { readonly type: "boolean" }
      ? boolean
      : FormValue;

/** The user's answer to a question by URL. */
export interface ClientUrlAnswer {
  readonly action: Answer<object>["action"];
  /**
   * Tells the client that the user has finished on the page. Absent on 2026-07-28, which has no
   * notification for it.
   * @param isEnded The call has ended, so the notification cannot be related to it
   */
  readonly announceCompletion?: (isEnded: boolean) => Promise<void>;
}

/** Asks the client of one request. The protocol layer provides it. */
export interface ClientQuestions {
  elicit(question: Question, requestedSchema: JsonSchema): Promise<Answer<AnyFormValues>>;
  elicitUrl(question: Question, url: string | URL): Promise<ClientUrlAnswer>;
  sample(prompt: string | readonly SamplingMessage[], options: SamplingOptions | undefined): Promise<SamplingResult>;
  listRoots(key: string | undefined): Promise<readonly Root[]>;
}
