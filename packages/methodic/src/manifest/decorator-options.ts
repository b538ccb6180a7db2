/** A decorator of this package that takes options. */
export type DecoratorName = "tool" | "resource" | "prompt" | "service";

const ICON = ["src", "mimeType", "sizes", "theme"];
const COMPONENT = ["name", "title", "description", "icons", "meta", "auth"];

/**
 * The option names of each decorator. The decorators refuse other names when the program runs, and
 * the compiler refuses them at build time.
 */
export const DECORATOR_OPTIONS: { readonly [decorator in DecoratorName]: readonly string[] } = {
  tool: [...COMPONENT, "annotations", "inputSchema", "outputSchema", "validateOutput"],
  resource: [...COMPONENT, "mimeType", "annotations", "size", "list", "allowUnsafeVariables"],
  prompt: COMPONENT,
  service: ["auth"],
};

/** The names in the options that are objects, or arrays of objects. */
export const NESTED_OPTIONS: {
  readonly [decorator in DecoratorName]: { readonly [option: string]: readonly string[] };
} = {
  tool: {
    icons: ICON,
    annotations: ["title", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"],
  },
  resource: { icons: ICON, annotations: ["audience", "priority", "lastModified"] },
  prompt: { icons: ICON },
  service: {},
};
