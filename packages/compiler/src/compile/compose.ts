import {
  compareVersions,
  convertByStyle,
  findDescriptionViolations,
  findNameViolations,
  isPublicName,
  isTemplate,
  isVersion,
  lowerScheme,
  NAMING_STYLES,
  type NamingStyle,
  parseTemplate,
  templateShape,
  versionOf,
} from "methodic/manifest";
import ts from "typescript";
import { problems, type Problem } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { CompiledMember, CompiledService } from "../manifest.ts";
import type { DecoratorReader } from "../scan/decorators.ts";
import { classNameOf } from "../scan/scan.ts";
import type { ServerCall } from "../scan/server-calls.ts";
import { basesOf, hasUnknownBase, isStatic, memberName } from "./class-members.ts";

/** A component of a service, from the class that declares it or from one of its bases. */
export interface ServiceComponent {
  /** `Class.method` */
  readonly subject: string;
  readonly method: string;
  readonly member: CompiledMember;
  /** The name of the method in the source. */
  readonly node: ts.Node;
}

/** A problem of a service or of a server, and the method that it concerns. */
export interface CompositionProblem {
  readonly subject?: string;
  readonly located: LocatedProblem;
}

/** The conversions of method names that a server may use: none if it computes names. */
type NamingStyles = readonly NamingStyle[];

/** Combines compiled classes into services and servers, as `createServer` does when it starts. */
export class Composer {
  readonly #checker: ts.TypeChecker;
  readonly #members = new Map<ts.Node, CompiledService["members"]>();

  constructor(checker: ts.TypeChecker, services: readonly CompiledService[]) {
    this.#checker = checker;
    for (const { node, members } of services) this.#members.set(node, members);
  }

  /** Lists the components of a class: those of base classes first, without the overridden ones. */
  componentsOf(service: ts.ClassLikeDeclaration): ServiceComponent[] {
    const chain = this.chainOf(service);
    const declaredIn = new Map<string, { readonly index: number; readonly node: ts.Node }>();
    for (const [index, current] of chain.entries())
      for (const [name, node] of methodsOf(current)) declaredIn.set(name, { index, node });
    return [...declaredIn].flatMap(([method, { index, node }]) => {
      // A subclass that fills in the type parameters of a generic base has the more exact entry.
      const members = chain.slice(index).map((current) => this.#members.get(current)?.get(method));
      const member = members.filter((candidate) => candidate !== undefined).at(-1);
      return member ? [{ subject: `${classNameOf(service)}.${method}`, method, member, node }] : [];
    });
  }

  /** Returns a class and its bases, the outermost base first. */
  chainOf(service: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration[] {
    return [...basesOf(service, this.#checker).reverse(), service];
  }

  /** Finds the class of a chain that may have components that its source does not show. */
  findOpenClass(service: ts.ClassLikeDeclaration): ts.ClassLikeDeclaration | undefined {
    return this.chainOf(service).find(
      (node) => isFromPackage(node.getSourceFile()) || hasUnknownBase(node, this.#checker),
    );
  }

  /** Checks what `createServer` would refuse in the services of a server. */
  checkServer({ services, naming }: ServerCall, decorators: DecoratorReader): CompositionProblem[] {
    const found: CompositionProblem[] = [];
    const all: ServiceComponent[] = [];
    const listed = new Set<ts.Node>();
    for (const { node, service } of services) {
      const report = (problem: Problem): void => void found.push({ located: { problem, node } });
      if (listed.has(service)) {
        report(problems.duplicateService(classNameOf(service)));
        continue;
      }
      listed.add(service);
      const components = this.componentsOf(service);
      if (components.length === 0 && !this.#hasHiddenMembers(service, decorators))
        report(problems.emptyService(classNameOf(service), this.#findForeign(service)?.getText()));
      all.push(...components);
    }
    return [...found, ...checkComponents(all, naming ? [naming] : [])];
  }

  /** Checks the descriptions of a server's tools. */
  checkDescriptions({ services }: ServerCall): CompositionProblem[] {
    return services.flatMap(({ service }) => this.componentsOf(service)).flatMap(checkDescription);
  }

  /** Checks the components of a class that no known server lists. */
  checkService(service: ts.ClassLikeDeclaration): CompositionProblem[] {
    return checkComponents(this.componentsOf(service), NAMING_STYLES);
  }

  /** Checks whether a class may have components that were not compiled, such as faulty ones. */
  #hasHiddenMembers(service: ts.ClassLikeDeclaration, decorators: DecoratorReader): boolean {
    const overrides = new Set<string>();
    for (const current of this.chainOf(service).reverse()) {
      if (current.getSourceFile().isDeclarationFile || hasUnknownBase(current, this.#checker)) return true;
      const decorated = current.members.filter((member) => decorators.recognizes(member));
      if (decorated.some(({ name }) => !(name && "text" in name && overrides.has(name.text)))) return true;
      for (const [name] of methodsOf(current)) overrides.add(name);
    }
    return false;
  }

  /** Finds a method decorator of a class without components: it comes from elsewhere. */
  #findForeign(service: ts.ClassLikeDeclaration): ts.Decorator | undefined {
    const methods = this.chainOf(service).flatMap(({ members }) => members.filter(ts.isMethodDeclaration));
    return methods.flatMap((method) => ts.getDecorators(method) ?? [])[0];
  }
}

/**
 * Checks whether a class may have decorators that its declaration does not show. Those of the
 * platform have none.
 */
function isFromPackage({ isDeclarationFile, hasNoDefaultLib, fileName }: ts.SourceFile): boolean {
  return isDeclarationFile && !hasNoDefaultLib && !fileName.includes("/node_modules/@types/");
}

/** Lists the methods and accessors that a class's prototype has, by name. */
export function methodsOf({ members }: ts.ClassLikeDeclaration): [string, ts.Node][] {
  return members.flatMap((member): [string, ts.Node][] => {
    const isOwn = (ts.isMethodDeclaration(member) && member.body) || ts.isAccessor(member);
    return isOwn && !isStatic(member) ? [[memberName(member.name), member.name]] : [];
  });
}

/** Finds invalid and duplicate names and URIs. */
function checkComponents(components: readonly ServiceComponent[], styles: NamingStyles): CompositionProblem[] {
  const found: CompositionProblem[] = [];
  const known = new Map<string, ServiceComponent[]>();
  for (const component of components) {
    const { subject, node } = component;
    const names = publicNamesOf(component, styles);
    const [name] = names ?? [];
    if (name !== undefined && !names?.some((each) => isPublicName(each)))
      found.push({ subject, located: { problem: problems.invalidName(name), node } });
    for (const problem of refusedNames(component, names ?? [])) found.push({ subject, located: { problem, node } });
    const key = keyOf(component, names);
    if (key === undefined) continue;
    const others = known.get(key) ?? [];
    const other = others.find((each) => hasSameVersion(each, component));
    if (other) found.push({ subject, located: { problem: describeDuplicate(component, name, other.subject), node } });
    else known.set(key, [...others, component]);
  }
  return found;
}

/** Finds the client rules that a component's description breaks. */
function checkDescription({ subject, node, member: { data, options } }: ServiceComponent): CompositionProblem[] {
  const isComputed = options.computed?.some((option) => option === "description" || option === "options");
  const found = isComputed ? [] : findDescriptionViolations(options.description ?? data.description, data.kind);
  return found.map((violation) => ({
    subject,
    located: { problem: problems.refusedDescription(data.kind, violation), node },
  }));
}

/** Finds the client rules that a component's name breaks under every naming. */
function refusedNames({ member: { data } }: ServiceComponent, names: readonly string[]): Problem[] {
  const [first = [], ...others] = names.map((name) => findNameViolations({ kind: data.kind, name }));
  return first
    .filter(({ rule }) => others.every((violations) => violations.some((other) => other.rule === rule)))
    .map((violation) => problems.refusedName(data.kind, violation));
}

/** Returns the names that clients see under each naming; undefined if they are computed. */
export function publicNamesOf(
  { member: { options }, method }: ServiceComponent,
  styles: NamingStyles,
): readonly string[] | undefined {
  const { name, computed = [] } = options;
  if (computed.includes("name") || computed.includes("options")) return undefined;
  if (styles.length === 0) return name === undefined ? undefined : [name];
  return styles.map((style) => name ?? convertByStyle(method, style));
}

function hasSameVersion({ member: a }: ServiceComponent, { member: b }: ServiceComponent): boolean {
  const versions = [versionOf(a.options), versionOf(b.options)] as const;
  // The decorators refuse other versions when the program runs.
  return versions.every(isVersion) && compareVersions(...versions) === 0;
}

/**
 * Returns a text that is equal for components that clients could not tell apart, and for versions
 * of one component; undefined if the program computes it.
 */
export function keyOf(
  { member: { data, options } }: ServiceComponent,
  names: readonly string[] | undefined,
): string | undefined {
  if (options.computed?.some((option) => option === "version" || option === "options")) return undefined;
  if (data.kind !== "resource") return names && `${data.kind} ${names.join(" ")}`;
  if (options.uri === undefined) return undefined;
  const uri = lowerScheme(options.uri);
  const parsed = isTemplate(uri) ? parseTemplate(uri) : undefined;
  return parsed && !("problem" in parsed) ? `template ${templateShape(parsed)}` : `resource ${uri}`;
}

function describeDuplicate(
  { member: { data, options }, method }: ServiceComponent,
  name: string | undefined,
  other: string,
): Problem {
  if (data.kind !== "resource") return problems.duplicateName(data.kind, name ?? method, other);
  const uri = options.uri ?? "";
  return isTemplate(uri) ? problems.sameTemplate(uri, other) : problems.duplicateUri(uri, other);
}
