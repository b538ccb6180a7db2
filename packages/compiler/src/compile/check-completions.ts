import { type Completable, findCompletionTargets, isTemplate, labelOf, parseTemplate } from "methodic/manifest";
import type ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { CompletionUse } from "../scan/completions.ts";
import type { DecoratorReader } from "../scan/decorators.ts";
import { classNameOf } from "../scan/scan.ts";
import type { ServerCall } from "../scan/server-calls.ts";
import { type Composer, type CompositionProblem, methodsOf, publicNamesOf, type ServiceComponent } from "./compose.ts";

/** A completion of a service, or of one of its bases. */
interface ServiceCompletion {
  readonly subject: string;
  readonly service: ts.Node;
  readonly use: CompletionUse;
}

interface ServerComponent extends Completable {
  readonly component: ServiceComponent;
  readonly service: ts.Node;
}

/** Finds what `createServer` would refuse in the completions of a server. */
export function checkCompletions(
  call: ServerCall,
  composer: Composer,
  decorators: DecoratorReader,
): CompositionProblem[] {
  const services = [...new Set(call.services.map(({ service }) => service))];
  const methods = services.map((service) => ({ service, methods: listMethods(service, composer) }));
  const completions = methods.flatMap(({ service, methods: own }) =>
    [...own].flatMap(([name, node]) =>
      decorators.readCompletions(node).map((use): ServiceCompletion => {
        return { subject: `${classNameOf(service)}.${name}`, service, use };
      }),
    ),
  );
  if (completions.length === 0) return [];
  const compiled = services.flatMap((service) =>
    composer.componentsOf(service).map((component) => ({ component, service })),
  );
  const all = compiled.flatMap(({ component, service }) => describe(component, service, call) ?? []);
  const isKnown =
    !call.computed.some((part) => part === "its services" || part === "its naming" || part === "its options") &&
    services.every((service) => composer.findOpenClass(service) === undefined) &&
    compiled.every(({ component: { member } }) => !isComputed(member.options.computed)) &&
    // A component with a problem is not compiled.
    methods.every(({ service, methods: own }) =>
      [...own].every(([name, node]) => {
        const isDecorated = decorators.read(node).length + decorators.findOpaque(node).length > 0;
        return !isDecorated || compiled.some((one) => one.service === service && one.component.method === name);
      }),
    );
  return findProblems(completions, all, isKnown);
}

function findProblems(
  completions: readonly ServiceCompletion[],
  all: readonly ServerComponent[],
  isKnown: boolean,
): CompositionProblem[] {
  const found: CompositionProblem[] = [];
  const known = new Map<ServiceComponent, Map<string, string>>();
  for (const { subject, service, use } of completions) {
    const { of, argument, node } = use;
    if (of === undefined || argument === undefined) continue;
    const targets = findCompletionTargets(
      { of, argument },
      all.map((component) => ({ ...component, isOwn: component.service === service })),
    );
    if ("problem" in targets) {
      const { problem, fix, isUnknown } = targets;
      if (isKnown || !isUnknown)
        found.push({ subject, located: { problem: problems.unknownCompletion(problem, fix), node } });
      continue;
    }
    for (const target of targets.found) {
      const methods = known.get(target.component) ?? new Map<string, string>();
      known.set(target.component, methods);
      const other = methods.get(argument);
      const problem = problems.duplicateCompletion(argument, labelOf(target), other ?? "");
      if (other === undefined) methods.set(argument, subject);
      else found.push({ subject, located: { problem, node } });
    }
  }
  return found;
}

/** Lists the methods of a class by name, without those that it overrides. */
function listMethods(service: ts.ClassLikeDeclaration, composer: Composer): ReadonlyMap<string, ts.Node> {
  const methods = composer.chainOf(service).flatMap((node) => methodsOf(node));
  return new Map(methods.map(([name, node]) => [name, node.parent]));
}

function describe(component: ServiceComponent, service: ts.Node, call: ServerCall): ServerComponent | undefined {
  const { member, method: methodName } = component;
  const { data, options } = member;
  const names = publicNamesOf(component, call.naming ? [call.naming] : []) ?? [];
  const common = { component, service, names, methodName, isOwn: false };
  if (data.kind === "prompt") {
    const args = Object.keys(data.inputSchema?.properties ?? {});
    return { ...common, kind: "prompt", uri: undefined, arguments: args };
  }
  const { uri } = options;
  const parsed = data.kind === "resource" && uri !== undefined && isTemplate(uri) ? parseTemplate(uri) : undefined;
  if (!parsed || "problem" in parsed) return undefined;
  return { ...common, kind: "resource template", uri, arguments: parsed.variables.map(({ name }) => name) };
}

function isComputed(computed: readonly string[] = []): boolean {
  return computed.some((option) => option === "name" || option === "uri" || option === "options");
}
