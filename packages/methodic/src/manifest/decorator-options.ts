/** A decorator of this package that takes options. */
export type DecoratorName = "tool" | "resource" | "prompt" | "service";

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
