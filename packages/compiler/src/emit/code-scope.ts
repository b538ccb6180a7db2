/** The exports of `methodic/manifest` that generated validators may refer to. */
export const VALIDATION_HELPERS = ["equal", "findDuplicate", "formats", "memoize", "ucs2length"] as const;

/** One of {@link VALIDATION_HELPERS}. */
export type ValidationHelper = (typeof VALIDATION_HELPERS)[number];

/** The names that the generated functions of a module share. */
export class CodeScope {
  readonly #localNames: Readonly<Record<ValidationHelper, string>>;
  readonly #constants = new Map<string, string>();
  readonly #used = new Set<ValidationHelper>();

  /** @param localNames The names of the helpers in the module */
  constructor(localNames: Readonly<Record<ValidationHelper, string>>) {
    this.#localNames = localNames;
  }

  /** The helpers in use. */
  get helpers(): readonly ValidationHelper[] {
    return VALIDATION_HELPERS.filter((helper) => this.#used.has(helper));
  }

  /** The declarations of all constants. */
  get declarations(): string {
    return [...this.#constants].map(([code, name]) => `const ${name}=${code};\n`).join("");
  }

  helper(name: ValidationHelper): string {
    this.#used.add(name);
    return this.#localNames[name];
  }

  /** Returns the name of a constant. Equal ones are declared once. */
  constant(code: string): string {
    const name = this.#constants.get(code) ?? `k${this.#constants.size}`;
    this.#constants.set(code, name);
    return name;
  }

  /** Returns the name of a set of texts or other scalars. */
  set(values: readonly unknown[]): string {
    return this.constant(`new Set(${JSON.stringify(values)})`);
  }

  /** @throws SyntaxError if the pattern is malformed */
  pattern(pattern: string): string {
    new RegExp(pattern, "u").test("");
    return this.constant(`new RegExp(${JSON.stringify(pattern)},"u")`);
  }
}
