/** A capability that a client must declare to be asked. */
export type ClientCapability = "elicitation.form" | "elicitation.url" | "sampling" | "sampling.tools" | "roots";

/** A request that the client answers for its user, its model or itself. */
export interface ClientQuestion<T> {
  /** Names the question in errors: `question "Which dish?"`. */
  readonly label: string;
  readonly capability: ClientCapability;
  readonly method: "elicitation/create" | "sampling/createMessage" | "roots/list";
  readonly params: object | undefined;
  /** More parameters, which exist up to 2025-11-25 only. */
  readonly legacyParams?: object;
  /** The question's name in its call, if its author gave it one. */
  readonly key: string | undefined;
  /** Reads the client's response. */
  read(response: unknown): ReadAnswer<T>;
}

/** The answer in a client's response, or the problems of a response that does not answer. */
export type ReadAnswer<T> = { readonly answer: T } | { readonly problems: readonly string[] };
