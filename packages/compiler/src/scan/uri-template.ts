/** A variable of a URI template. */
export interface TemplateVariable {
  readonly name: string;
  /** Whether every URI of the template has it: not so for those of a query. */
  readonly required: boolean;
}

/** A URI template taken apart, or what is wrong with it. */
export type ParsedTemplate = { readonly variables: readonly TemplateVariable[] } | { readonly reason: string };

const EXPRESSION = /\{([^{}]*)\}/g;
const VARIABLE = /^([\p{ID_Start}_$][\p{ID_Continue}$]*)\*?$/u;

/**
 * Reads the variables of a URI template (RFC 6570) in the forms a server can match: `{x}`, `{x*}`, `{+x}`, `{a,b}`, `{?a,b}`, `{&a}`.
 * The runtime checks templates again, in full; this finds at build time what it would refuse at start-up.
 */
export function parseUriTemplate(template: string): ParsedTemplate {
  const variables: TemplateVariable[] = [];
  if (/[{}]/.test(template.replaceAll(EXPRESSION, ""))) return { reason: "a brace has no partner" };
  if (/\}\{[^?&]/.test(template))
    return { reason: "two variables stand next to each other, so nothing says where one ends" };
  for (const [whole, inside = ""] of template.matchAll(EXPRESSION)) {
    const operator = /^[+?&]/.exec(inside)?.[0] ?? "";
    for (const text of inside.slice(operator.length).split(",")) {
      const name = VARIABLE.exec(text.trim())?.[1];
      if (name === undefined) return { reason: `'${whole}' is not supported` };
      if (variables.some((variable) => variable.name === name))
        return { reason: `the variable '${name}' occurs twice` };
      variables.push({ name, required: operator === "" || operator === "+" });
    }
  }
  return { variables };
}
