import { collectMethods, prototypesOf } from "../decorators/collect.ts";
import type { CompletionDefinition } from "../decorators/definition.ts";
import { MethodicError } from "../errors.ts";
import {
  type Completable,
  type CompletionTargets,
  findCompletionTargets,
  labelOf,
} from "../manifest/completion-targets.ts";
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

/** A completion that is about to be added. */
export interface StagedCompletion {
  readonly component: Prompt | ResourceTemplate;
  readonly argument: string;
  readonly method: CompletionMethod;
  readonly usesContext: boolean;
}

interface CompletionStage {
  /** All prompts and templates of the server. */
  readonly components: readonly (Prompt | ResourceTemplate)[];
  /** The list that completions are added to. */
  readonly staged: StagedCompletion[];
  readonly errors: StartupErrors;
  /** Leave out completions of components that the server does not have. Default false. */
  readonly skipsUnknown?: boolean;
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
   * Reads the completion methods of a service, to be added once all of them are valid. Errors are
   * collected, not thrown.
   */
  stage(service: ServiceHandle, { components, staged, errors, skipsUnknown = false }: CompletionStage): void {
    const className = constructorNameOf(prototypesOf(service.shape).at(-1) ?? {});
    const all = components.map((component) => describe(component, service));
    for (const { methodName, declaredIn, definitions } of collectMethods(service.shape)) {
      for (const definition of definitions) {
        if (!isCompletion(definition)) continue;
        const targets = findCompletionTargets(definition, all);
        if (skipsUnknown && "isUnknown" in targets) continue;
        const contextIndex = readContextIndex(declaredIn, methodName);
        const { length } = (declaredIn as { readonly [name: string]: (...args: never[]) => unknown })[methodName] ?? [];
        const method = { where: `${className}.${methodName}`, service, methodName, contextIndex };
        errors.attempt(() => {
          for (const target of readTargets(targets, method)) {
            this.#assertFree(target, definition.argument, { method, staged });
            const { component } = target;
            staged.push({ component, argument: definition.argument, method, usesContext: length > contextIndex });
          }
        });
      }
    }
  }

  /** Adds completions that have been staged. */
  add(staged: readonly StagedCompletion[]): void {
    for (const { component, argument, method, usesContext } of staged) {
      const methods = this.#methods.get(component) ?? new Map<string, CompletionMethod>();
      this.#methods.set(component, methods.set(argument, method));
      if (usesContext) this.#usesContext = true;
    }
  }

  #assertFree(
    target: DescribedComponent,
    argument: string,
    { method, staged }: { readonly method: CompletionMethod; readonly staged: readonly StagedCompletion[] },
  ): void {
    const { component } = target;
    const same = staged.find((one) => one.component === component && one.argument === argument);
    const other = same?.method ?? this.find(component, argument);
    if (!other) return;
    const both = `${other.where} and ${method.where}`;
    const message = `Two completions of '${argument}' of the ${labelOf(target)}: ${both}. Remove one.`;
    throw new MethodicError("DUPLICATE_NAME", message);
  }
}

function readTargets(
  targets: CompletionTargets<DescribedComponent>,
  { where }: CompletionMethod,
): readonly DescribedComponent[] {
  if ("found" in targets) return targets.found;
  const { problem, fix } = targets;
  throw new MethodicError("INVALID_DECORATOR_OPTIONS", `@completion on ${where}: ${problem} ${fix}`);
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
