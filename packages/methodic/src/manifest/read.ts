import { MethodicError } from "../errors.ts";
import { MANIFEST_KEY, MANIFEST_VERSION, type MemberManifest, type ServiceManifest } from "./format.ts";

/** The ways to compile code that the compiler has not seen, as sentences. */
export const HOW_TO_COMPILE: string =
  "Run the source with 'methodic run <file>', or build it with 'methodic build' and run the output. 'methodic patch' completes the output of tsc or swc. " +
  "For another runner, add the hook: 'node --import @methodic/compiler/register <file>'. " +
  "For a bundler, add its plugin: '@methodic/compiler/vite', '/rollup', '/esbuild', …";

/** The place of a method, for {@link readMember} and its messages. */
export interface MemberLocation {
  /** The service's prototypes, base classes first. */
  readonly prototypes: readonly object[];
  /** The prototype that has the method as an own property. */
  readonly declaredIn: object;
  readonly methodName: string;
}

/**
 * Finds the manifest of a method: in the class that declares it, or in a class derived from that
 * one (a subclass that fills in a generic base's type parameters has a more exact entry). A
 * manifest further up describes an overridden method and does not count.
 * @throws MethodicError `MISSING_MANIFEST` or `MANIFEST_VERSION`
 */
export function readMember(location: MemberLocation): MemberManifest {
  const { prototypes, declaredIn, methodName } = location;
  for (let i = prototypes.length - 1; i >= 0; i--) {
    const prototype = prototypes[i] as object;
    const member = manifestMember(prototype, methodName);
    if (member) return member;
    if (prototype === declaredIn) break;
  }
  const className = constructorNameOf(declaredIn);
  throw ownManifest(declaredIn) ? missingMember(className, methodName) : missingManifest(className, methodName);
}

/** Checks whether the compiler saw any class that can describe the methods of `declaredIn`. */
export function hasManifest(prototypes: readonly object[], declaredIn: object): boolean {
  return prototypes.slice(prototypes.indexOf(declaredIn)).some((prototype) => ownManifest(prototype) !== undefined);
}

/**
 * Checks whether the class's own manifest has the method, which means that the class's source
 * decorates it.
 */
export function hasManifestEntry(prototype: object, methodName: string): boolean {
  return manifestMember(prototype, methodName) !== undefined;
}

/** The position of the context parameter in `(typed, chosen, context)`. */
const DEFAULT_CONTEXT_INDEX = 2;

/** Returns the position of a completion method's context parameter. */
export function readContextIndex(declaredIn: object, methodName: string): number {
  const contexts = ownManifest(declaredIn)?.contextIndexes ?? {};
  return (Object.hasOwn(contexts, methodName) ? contexts[methodName] : undefined) ?? DEFAULT_CONTEXT_INDEX;
}

/** Returns the name of the class that a prototype belongs to. */
export function constructorNameOf(prototype: object): string {
  const owner: unknown = Object.hasOwn(prototype, "constructor") ? prototype.constructor : undefined;
  return typeof owner === "function" && owner.name !== "" ? owner.name : "(anonymous class)";
}

function manifestMember(prototype: object, methodName: string): MemberManifest | undefined {
  const manifest = ownManifest(prototype);
  return manifest && Object.hasOwn(manifest.members, methodName) ? manifest.members[methodName] : undefined;
}

function ownManifest(prototype: object): ServiceManifest | undefined {
  const owner: unknown = prototype.constructor;
  // Static members are inherited: without `hasOwn`, a subclass would seem to have its base's
  // manifest.
  if (typeof owner !== "function" || owner.prototype !== prototype || !Object.hasOwn(owner, MANIFEST_KEY))
    return undefined;
  const manifest = (owner as { readonly [MANIFEST_KEY]?: ServiceManifest })[MANIFEST_KEY];
  if (!manifest) return undefined;
  if (manifest.version !== MANIFEST_VERSION) {
    throw new MethodicError(
      "MANIFEST_VERSION",
      `The manifest of ${constructorNameOf(prototype)} has format version ${String(manifest.version)}, but this version of methodic reads ` +
        `version ${MANIFEST_VERSION}. Install the same version of methodic and @methodic/compiler, and build again.`,
    );
  }
  return manifest;
}

function missingManifest(className: string, methodName: string): MethodicError {
  return new MethodicError(
    "MISSING_MANIFEST",
    `${className}.${methodName} is decorated, but ${className} has no manifest for it: the Methodic compiler has not seen this class. ` +
      HOW_TO_COMPILE,
  );
}

/** The compiler has seen the class, but not that the method has a decorator. */
function missingMember(className: string, methodName: string): MethodicError {
  return new MethodicError(
    "MISSING_MANIFEST",
    `${className}.${methodName} is decorated, but the manifest of ${className} does not have it: the build is older than the source, or ` +
      "the compiler does not recognize the decorator. Build again. If that does not help, use @tool, @resource or @prompt itself, " +
      "or a function of the project that returns one call of it.",
  );
}
