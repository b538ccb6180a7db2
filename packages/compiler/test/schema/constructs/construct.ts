/** A type as it is written for the parameter `x` of a tool, and what its schema has to take and to refuse. */
export interface Construct {
  readonly name: string;
  /** Declarations before the class. */
  readonly before?: string;
  /** The parameter list. */
  readonly parameters: string;
  /** Other files the construct imports. */
  readonly files?: Readonly<Record<string, string>>;
  /** Values of `x` the schema takes. */
  readonly accepts: readonly unknown[];
  /** Values of `x` it refuses. */
  readonly rejects: readonly unknown[];
}

/** What a construct that is one type is judged by, and the declarations it needs. */
type Samples = Pick<Construct, "accepts" | "rejects" | "before">;

/** A construct that is one type. */
export function type(name: string, text: string, samples: Samples): Construct {
  return { name, parameters: `x: ${text}`, ...samples };
}
