import type { MemberData, MemberManifest, MemberValidators, ServiceManifest } from "./format.ts";

/** Options of {@link defineManifest}, which generated code passes. */
export interface ManifestOptions {
  /** The version of the manifest format that the code was generated for. */
  readonly version: number;
  /**
   * The members' data by method name, as an object or as JSON text. Text is parsed on first use,
   * which is cheaper for large classes.
   */
  readonly members: string | Readonly<Record<string, MemberData>>;
  /** Creates the members' validators. Called once, when the first of them is needed. */
  readonly validators: () => Readonly<Record<string, MemberValidators>>;
}

/**
 * Defines the manifest of a compiled class. For generated code only.
 * Parses and creates nothing until it is read.
 */
export function defineManifest(options: ManifestOptions): ServiceManifest {
  let members: ServiceManifest["members"] | undefined;
  let validators: Readonly<Record<string, MemberValidators>> | undefined;
  const validatorsOf = (name: string): MemberValidators => {
    validators ??= options.validators();
    const found = Object.hasOwn(validators, name) ? validators[name] : undefined;
    if (!found) throw new TypeError(`The manifest has no validators for the method '${name}'.`);
    return found;
  };
  return {
    version: options.version,
    get members() {
      members ??= readMembers(options.members, validatorsOf);
      return members;
    },
  };
}

function readMembers(
  given: ManifestOptions["members"],
  validatorsOf: (name: string) => MemberValidators,
): ServiceManifest["members"] {
  const data: Readonly<Record<string, MemberData>> = typeof given === "string" ? JSON.parse(given) : given;
  const members: Record<string, MemberManifest> = Object.create(null);
  for (const [name, member] of Object.entries(data)) {
    members[name] = {
      ...member,
      get validators() {
        return validatorsOf(name);
      },
    };
  }
  return members;
}
