import type { MemberData, MemberManifest, MemberValidators, ServiceManifest } from "./format.ts";

/** What generated code hands to {@link defineManifest}. */
export interface ManifestSource {
  /** The manifest format version the code was generated for. */
  readonly version: number;
  /** The members' data by method name, as an object or as JSON text (parsed on first use; cheaper for large classes). */
  readonly members: string | Readonly<Record<string, MemberData>>;
  /** Makes the members' checks. Called once, at the first call that needs one of them. */
  readonly validators: () => Readonly<Record<string, MemberValidators>>;
}

/**
 * Builds the manifest that a compiled class carries. Generated code calls this; authors do not.
 * Nothing is parsed or compiled until it is read.
 */
export function defineManifest(source: ManifestSource): ServiceManifest {
  let members: ServiceManifest["members"] | undefined;
  let validators: Readonly<Record<string, MemberValidators>> | undefined;
  const checksOf = (name: string): MemberValidators => {
    validators ??= source.validators();
    const checks = Object.hasOwn(validators, name) ? validators[name] : undefined;
    if (!checks) throw new TypeError(`The manifest has no validators for the method '${name}'.`);
    return checks;
  };
  return {
    version: source.version,
    get members() {
      members ??= readMembers(source.members, checksOf);
      return members;
    },
  };
}

function readMembers(
  source: ManifestSource["members"],
  checksOf: (name: string) => MemberValidators,
): ServiceManifest["members"] {
  const data: Readonly<Record<string, MemberData>> = typeof source === "string" ? JSON.parse(source) : source;
  const members: Record<string, MemberManifest> = Object.create(null);
  for (const [name, member] of Object.entries(data)) {
    members[name] = {
      ...member,
      get validators() {
        return checksOf(name);
      },
    };
  }
  return members;
}
