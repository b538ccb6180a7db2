import type { Prompt, ResourceTemplate, ServiceHandle } from "./component.ts";

/** A method that offers values for an argument of a prompt or template. */
export interface CompletionMethod {
  /** `Class.method`, for messages. */
  readonly where: string;
  readonly service: ServiceHandle;
  readonly methodName: string;
  /** The position of its context parameter. */
  readonly contextIndex: number;
}

/** A completion that is about to be added. */
export interface StagedCompletion {
  readonly component: Prompt | ResourceTemplate;
  readonly argument: string;
  readonly method: CompletionMethod;
  readonly usesContext: boolean;
}

/** The completion methods of a server's prompts and templates, by argument. */
export class Completions {
  readonly #methods = new WeakMap<object, Map<string, CompletionMethod>>();
  #usesContext = false;
  #revision = 0;

  /** Grows with each change, as that of a table. */
  get revision(): number {
    return this.#revision;
  }

  /** True if a method takes a context, and so may log. */
  get usesContext(): boolean {
    return this.#usesContext;
  }

  /** Finds the method that completes an argument. */
  find(component: object, argument: string): CompletionMethod | undefined {
    return this.#methods.get(component)?.get(argument);
  }

  /** Checks whether a method completes any argument of a component. */
  has(component: object): boolean {
    return this.#methods.has(component);
  }

  /** Adds completions that have been staged. */
  add(staged: readonly StagedCompletion[]): void {
    this.#revision++;
    for (const { component, argument, method, usesContext } of staged) {
      const methods = this.#methods.get(component) ?? new Map<string, CompletionMethod>();
      this.#methods.set(component, methods.set(argument, method));
      if (usesContext) this.#usesContext = true;
    }
  }

  /**
   * Removes the methods of a service.
   * @param components The components that they may complete
   * @returns false if it has none
   */
  removeOf(service: object, components: Iterable<object>): boolean {
    const before = this.#revision;
    for (const component of components) {
      const methods = this.#methods.get(component);
      for (const [argument, method] of methods ?? []) {
        if (method.service.value === service && methods?.delete(argument)) this.#revision++;
      }
      if (methods?.size === 0) this.#methods.delete(component);
    }
    return this.#revision > before;
  }
}
