import { collectMethods, prototypesOf } from "../decorators/collect.ts";
import type { CompletionDefinition } from "../decorators/definition.ts";
import { MethodicError } from "../errors.ts";
import { type Completable, findCompletionTargets, labelOf } from "../manifest/completion-targets.ts";
import { constructorNameOf, readContextIndex } from "../manifest/read.ts";
import type { Prompt, ResourceTemplate, ServiceHandle } from "./component.ts";
import type { StartupErrors } from "./startup-errors.ts";

/** A method that offers values for an argument of a prompt or template. */
export interface CompletionMethod {
  /** `Class.method`, for messages. */
  readonly where: string;
  readonly service: ServiceHandle;
  readonly methodName: string;
  /** The position of its context parameter. */
  readonly contextIndex: number;
}

/** The completion methods of a server's prompts and templates, by argument. */
export class Completions {
  readonly #methods = new WeakMap<object, Map<string, CompletionMethod>>();
  #usesContext = false;

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

  /**
   * Adds the completion methods of a service. Errors are collected, not thrown.
   * @param components All prompts and templates of the server
   */
  add(service: ServiceHandle, components: readonly (Prompt | ResourceTemplate)[], errors: StartupErrors): void {
    const className = constructorNameOf(prototypesOf(service.shape).at(-1) ?? {});
    for (const { methodName, declaredIn, definitions } of collectMethods(service.shape)) {
      for (const definition of definitions) {
        if (!isCompletion(definition)) continue;
        const contextIndex = readContextIndex(declaredIn, methodName);
        const { length } = (declaredIn as { readonly [name: string]: (...args: never[]) => unknown })[methodName] ?? [];
        if (length > contextIndex) this.#usesContext = true;
        const method = { where: `${className}.${methodName}`, service, methodName, contextIndex };
        errors.attempt(() => this.#addMethod(method, definition, components));
      }
    }
  }

  #addMethod(
    method: CompletionMethod,
    definition: CompletionDefinition,
    components: readonly (Prompt | ResourceTemplate)[],
  ): void {
    const { where, service } = method;
    const targets = findCompletionTargets(
      definition,
      components.map((component) => describe(component, service)),
    );
    if ("problem" in targets) {
      const { problem, fix } = targets;
      throw new MethodicError("INVALID_DECORATOR_OPTIONS", `@completion on ${where}: ${problem} ${fix}`);
    }
    for (const target of targets.found) {
      const { argument } = definition;
      const methods = this.#methods.get(target.component) ?? new Map<string, CompletionMethod>();
      this.#methods.set(target.component, methods);
      const other = methods.get(argument);
      if (other) {
        const both = `${other.where} and ${where}`;
        const message = `Two completions of '${argument}' of the ${labelOf(target)}: ${both}. Remove one.`;
        throw new MethodicError("DUPLICATE_NAME", message);
      }
      methods.set(argument, method);
    }
  }
}

/** Checks whether a mark is that of a completion method. */
export function isCompletion(definition: { readonly kind: string }): definition is CompletionDefinition {
  return definition.kind === "completion";
}

interface DescribedComponent extends Completable {
  readonly component: Prompt | ResourceTemplate;
}

function describe(component: Prompt | ResourceTemplate, service: ServiceHandle): DescribedComponent {
  const { name, methodName } = component;
  const common = { component, names: [name], methodName, isOwn: component.service === service };
  if (!("template" in component)) {
    const names = Object.keys(component.member.inputSchema.properties ?? {});
    return { ...common, kind: "prompt", uri: undefined, arguments: names };
  }
  const { source, variables } = component.template;
  return { ...common, kind: "resource template", uri: source, arguments: variables.map((variable) => variable.name) };
}
