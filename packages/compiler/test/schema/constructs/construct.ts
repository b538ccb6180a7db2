/**
 * A type as written for the parameter `x` of a tool, with values that its schema must accept and
 * reject.
 */
export interface Construct {
  readonly name: string;
  /** Declarations before the class. */
  readonly before?: string;
  /** The parameter list. */
  readonly parameters: string;
  /** Other files the construct imports. */
  readonly files?: Readonly<Record<string, string>>;
  /** Values of `x` that the schema accepts. */
  readonly accepts: readonly unknown[];
  /** Values of `x` that the schema rejects. */
  readonly rejects: readonly unknown[];
}

/** The samples for a construct of one type, and the declarations it needs. */
type Samples = Pick<Construct, "accepts" | "rejects" | "before">;

/** Creates a construct of one type. */
export function type(name: string, text: string, samples: Samples): Construct {
  return { name, parameters: `x: ${text}`, ...samples };
}

/**
 * Creates a construct of a property's type: a discriminated union as a parameter's type would be
 * the whole input.
 */
export function property(name: string, text: string, samples: Samples): Construct {
  return { name, parameters: `{ x }: { x: ${text} }`, ...samples };
}
