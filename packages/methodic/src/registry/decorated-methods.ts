import type { AccessRule } from "../context/auth-info.ts";
import { type CollectedMethod, collectMethods, prototypesOf } from "../decorators/collect.ts";
import { type ComponentSource, sourceOf } from "../decorators/defined-component.ts";
import type { ComponentDefinition, MethodDefinition } from "../decorators/definition.ts";
import { MethodicError } from "../errors.ts";
import type { MemberManifest } from "../manifest/format.ts";
import { constructorNameOf, hasManifest, hasManifestEntry, readMember } from "../manifest/read.ts";
import { readServiceRules } from "./access-rules.ts";
import { isCompletion } from "./read-completions.ts";
import type { ServiceHandle } from "./component.ts";
import type { StartupErrors } from "./startup-errors.ts";

/** A decorated method with its manifest, from which the registry makes a component. */
export interface DecoratedMethod {
  /** `Class.method`, for messages. */
  readonly where: string;
  readonly service: ServiceHandle;
  readonly methodName: string;
  readonly definition: ComponentDefinition;
  /** The rules of the service's classes. */
  readonly serviceRules: readonly AccessRule[];
  readonly member: MemberManifest;
  /** The schema of an input that arrives as text, and the option that holds it. */
  readonly textInput?: ComponentSource["textInput"];
}

/** Reads the decorated methods of a service. Errors are collected, not thrown. */
export function readDecoratedMethods(service: ServiceHandle, errors: StartupErrors): readonly DecoratedMethod[] {
  const { shape } = service;
  const source = sourceOf(shape);
  if (source) return [{ ...source, service: { shape: source.owner, value: source.owner }, serviceRules: [] }];
  const prototypes = prototypesOf(shape);
  const className = constructorNameOf(prototypes.at(-1) ?? {});
  const serviceRules = errors.attempt(() => readServiceRules(shape)) ?? [];
  const uncompiled = new Set<object>();
  let decorated = 0;
  const read = ({ methodName, declaredIn, definitions }: CollectedMethod): DecoratedMethod | undefined => {
    const where = `${className}.${methodName}`;
    if (definitions.length > 0 || hasManifestEntry(declaredIn, methodName)) decorated++;
    if (definitions.length > 0 && definitions.every(isCompletion)) return undefined;
    const definition = singleDefinition(definitions, where);
    if (!definition) return assertMarkKept(declaredIn, methodName, where);
    // The methods of an uncompiled class share one cause and one fix; only the first reports them.
    if (uncompiled.has(declaredIn)) return undefined;
    if (!hasManifest(prototypes, declaredIn)) uncompiled.add(declaredIn);
    const member = readMember({ prototypes, declaredIn, methodName });
    assertSameKind(definition, member.kind, where);
    return { where, service, methodName, definition, member, serviceRules };
  };
  const methods = collectMethods(shape).map((method) => errors.attempt(() => read(method)));
  if (decorated === 0) errors.attempt(() => refuseEmptyService(className));
  return methods.filter((method) => method !== undefined);
}

function refuseEmptyService(className: string): never {
  throw new MethodicError(
    "INVALID_SERVICE",
    `The service ${className} has no decorated method. Decorate one with @tool(), @resource("…") or @prompt(), or leave the class out.`,
  );
}

function singleDefinition(definitions: readonly MethodDefinition[], where: string): ComponentDefinition | undefined {
  const [definition, ...others] = definitions;
  if (definition?.kind === "completion" || others.length > 0) {
    const kinds = definitions.map(({ kind }) => `@${kind}`).join(" and ");
    throw new MethodicError(
      "INVALID_SERVICE",
      `${where} is decorated twice (${kinds}). Keep one, and write a second method for the other.`,
    );
  }
  return definition;
}

/**
 * Refuses a method that the compiler saw decorated but that has no mark: another decorator replaced
 * the function after it was marked.
 */
function assertMarkKept(prototype: object, methodName: string, where: string): undefined {
  if (!hasManifestEntry(prototype, methodName)) return undefined;
  throw new MethodicError(
    "INVALID_SERVICE",
    `${where} lost its decorator: another decorator, written above it, replaced the method. Move @tool, @resource or @prompt above it.`,
  );
}

function assertSameKind(definition: ComponentDefinition, compiled: string, where: string): void {
  if (definition.kind === compiled) return;
  throw new MethodicError(
    "MISSING_MANIFEST",
    `${where} is a ${definition.kind}, but its manifest is for a ${compiled}: the build is older than the source. Build again.`,
  );
}
