import { MethodicError } from "../errors.ts";
import { MANIFEST_KEY, MANIFEST_VERSION, type MemberManifest, type ServiceManifest } from "./format.ts";

/** Where a method is, for {@link readMember} and its messages. */
export interface MemberLocation {
  /** The service's prototypes, from the most basic class to the most derived. */
  readonly prototypes: readonly object[];
  /** The prototype whose own method it is. */
  readonly declaredIn: object;
  readonly methodName: string;
}

/**
 * Finds what the compiler knows of a method: in the manifest of the class that declares it, or of a class derived from that one
 * (a subclass that fixes a generic base's type parameters has its own, more exact entry).
 * A manifest further up does not count: it describes a method that was overridden.
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
  throw missingManifest(classNameOf(declaredIn), methodName);
}

/** Whether any of the classes that could describe the methods of `declaredIn` was compiled. */
export function hasManifest(prototypes: readonly object[], declaredIn: object): boolean {
  return prototypes.slice(prototypes.indexOf(declaredIn)).some((prototype) => ownManifest(prototype) !== undefined);
}

/** Whether the class's own manifest has an entry for the method, that is: whether its source decorates it. */
export function hasManifestEntry(prototype: object, methodName: string): boolean {
  return manifestMember(prototype, methodName) !== undefined;
}

/** The name of the class that a prototype belongs to. */
export function classNameOf(prototype: object): string {
  const owner: unknown = Object.hasOwn(prototype, "constructor") ? prototype.constructor : undefined;
  return typeof owner === "function" && owner.name !== "" ? owner.name : "(anonymous class)";
}

function manifestMember(prototype: object, methodName: string): MemberManifest | undefined {
  const manifest = ownManifest(prototype);
  return manifest && Object.hasOwn(manifest.members, methodName) ? manifest.members[methodName] : undefined;
}

function ownManifest(prototype: object): ServiceManifest | undefined {
  const owner: unknown = prototype.constructor;
  // Statics are inherited: without `hasOwn` a subclass would seem to carry its base's manifest.
  if (typeof owner !== "function" || owner.prototype !== prototype || !Object.hasOwn(owner, MANIFEST_KEY))
    return undefined;
  const manifest = (owner as { readonly [MANIFEST_KEY]?: ServiceManifest })[MANIFEST_KEY];
  if (!manifest) return undefined;
  if (manifest.version !== MANIFEST_VERSION) {
    throw new MethodicError(
      "MANIFEST_VERSION",
      `The manifest of ${classNameOf(prototype)} has format version ${String(manifest.version)}, and this version of methodic reads ` +
        `version ${MANIFEST_VERSION}. Install methodic and @methodic/compiler in the same version and build again.`,
    );
  }
  return manifest;
}

function missingManifest(className: string, methodName: string): MethodicError {
  return new MethodicError(
    "MISSING_MANIFEST",
    `${className}.${methodName} is decorated, but ${className} carries no manifest for it: the Methodic compiler has not seen this class. ` +
      "Run the source with 'methodic run <file>', or build it with 'methodic build' and run the output; what tsc or swc has written, 'methodic patch' completes. " +
      "Under another runner, add the hook: 'node --import @methodic/compiler/register <file>'; " +
      "in a bundler, its plugin from '@methodic/compiler/vite', '/rollup', '/esbuild', …",
  );
}
