/**
 * The JSDoc of types that schemas quote:
 * - `"own"`: all text of the project's types, the first sentence of those that packages declare
 * - `"all"`: all text
 * - `{ max }`: at most so many characters of each text
 */
export type Descriptions = "own" | "all" | { readonly max: number };

/** The valid values of {@link Descriptions}, for messages. */
export const DESCRIPTIONS_RULE = '"own", "all" or { max: <characters> }';

/** Checks whether a value is one of {@link Descriptions}. */
export function isDescriptions(value: unknown): value is Descriptions {
  if (value === "own" || value === "all") return true;
  const { max, ...rest } = Object(value) as { readonly max?: unknown };
  return Number.isSafeInteger(max) && Number(max) > 0 && Object.keys(rest).length === 0;
}

/**
 * The use of references in schemas:
 * - `auto`: parts that are used more than once are shared if the schema is large without that
 * - `inline`: everything is written out in place, but for recursive types
 * - `always`: parts that are used more than once are shared
 */
export type RefsMode = "auto" | "inline" | "always";

/** The values of {@link RefsMode}. */
export const REFS_MODES: readonly RefsMode[] = ["auto", "inline", "always"];

/** A decorator of this package. */
export type DecoratorName = "tool" | "resource" | "prompt" | "service" | "completion";

const ICON = ["src", "mimeType", "sizes", "theme"];
const CACHE_HINT = ["ttlMs", "cacheScope"];
const COMPONENT = [
  "name",
  "title",
  "description",
  "icons",
  "meta",
  "timeout",
  "cacheHint",
  "version",
  "tags",
  "enabled",
  "auth",
];

/**
 * The option names of each decorator. The decorators refuse other names when the program runs, and
 * the compiler refuses them at build time.
 */
export const DECORATOR_OPTIONS: { readonly [decorator in DecoratorName]: readonly string[] } = {
  tool: [
    ...COMPONENT,
    "annotations",
    "inputSchema",
    "outputSchema",
    "refs",
    "validateOutput",
    "descriptions",
    "heartbeat",
    "render",
  ],
  resource: [...COMPONENT, "mimeType", "annotations", "size", "list", "allowUnsafeVariables"],
  prompt: COMPONENT,
  service: ["auth"],
  completion: [],
};

/** The names in the options that are objects, or arrays of objects. */
export const NESTED_OPTIONS: {
  readonly [decorator in DecoratorName]: { readonly [option: string]: readonly string[] };
} = {
  tool: {
    icons: ICON,
    cacheHint: CACHE_HINT,
    annotations: ["title", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"],
  },
  resource: { icons: ICON, cacheHint: CACHE_HINT, annotations: ["audience", "priority", "lastModified"] },
  prompt: { icons: ICON, cacheHint: CACHE_HINT },
  service: {},
  completion: {},
};
