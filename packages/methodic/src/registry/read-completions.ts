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
import type { CompletionMethod, Completions, StagedCompletion } from "./completions.ts";
import type { Prompt, ResourceTemplate, ServiceHandle } from "./component.ts";
import type { StartupErrors } from "./startup-errors.ts";

interface CompletionStage {
  /** All prompts and templates of the server. */
  readonly components: readonly (Prompt | ResourceTemplate)[];
  /** The list that completions are added to. */
  readonly staged: StagedCompletion[];
  /** The completions that the server has. */
  readonly known: Completions;
  readonly errors: StartupErrors;
  /** Leave out completions of components that the server does not have. Default false. */
  readonly skipsUnknown?: boolean;
}

/**
 * Reads the completion methods of a service, to be added once all of them are valid. Errors are
 * collected, not thrown.
 */
export function stageCompletions(service: ServiceHandle, stage: CompletionStage): void {
  const { components, staged, errors, skipsUnknown = false } = stage;
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
          assertFree(target, { argument: definition.argument, method, stage });
          const { component } = target;
          staged.push({ component, argument: definition.argument, method, usesContext: length > contextIndex });
        }
      });
    }
  }
}

function assertFree(
  target: DescribedComponent,
  {
    argument,
    method,
    stage: { known, staged },
  }: {
    readonly argument: string;
    readonly method: CompletionMethod;
    readonly stage: CompletionStage;
  },
): void {
  const { component } = target;
  const same = staged.find((one) => one.component === component && one.argument === argument);
  const other = same?.method ?? known.find(component, argument);
  if (!other) return;
  const both = `${other.where} and ${method.where}`;
  const message = `Two completions of '${argument}' of the ${labelOf(target)}: ${both}. Remove one.`;
  throw new MethodicError("DUPLICATE_NAME", message);
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
