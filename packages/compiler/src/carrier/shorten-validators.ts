/** ajv's code for "report this problem": eight lines that are the same every time but for the problem. */
const REPORT =
  /const (err\d+) = \{instancePath(:.*?)?,schemaPath:(".*?(?<!\\)"),keyword:("\w+"),params:(\{.*\})\};\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}\nerrors\+\+;/g;

/** What the shortened code calls; the line that declares it is {@link REPORT_HELPER}. */
const REPORT_CALL = "report";

const REPORT_HELPER: string = `const ${REPORT_CALL} = (list, instancePath, schemaPath, keyword, params) => ((list ??= []).push({ instancePath, schemaPath, keyword, params }), list);\n`;

/**
 * Shortens ajv's code by a third without changing what it does. A server reads the code of all its tools when it starts, whether they are called or not,
 * so its length is start-up time. Whole statements are matched, with their line breaks, which no string inside of a schema can contain.
 */
export function shortenValidators(code: string): string {
  const short = code.replace(REPORT, (...match: string[]) => {
    const [, , path, schemaPath, keyword, params] = match;
    return `vErrors = ${REPORT_CALL}(vErrors, ${path?.slice(1) ?? "instancePath"}, ${schemaPath}, ${keyword}, ${params});\nerrors++;`;
  });
  return short === code ? code : REPORT_HELPER + short;
}

/** A generated function from its name to the next one's. */
const FUNCTION = /^function validate(\d+)\([\s\S]*?(?=^function validate\d+\(|(?![\s\S]))/gm;

/**
 * Puts the number of its function into the schema paths (`#12/properties/…`) of recursive types: their definitions have functions of their own, whose paths
 * begin at the definition. Without a number nobody could tell at which, and so to which alternative of a union a problem belongs.
 */
export function numberSchemaPaths(code: string): string {
  const roots = new Set(Array.from(code.matchAll(/^const v\d+ = validate(\d+);$/gm), ([, number]) => number));
  return code.replace(FUNCTION, (text, number: string) =>
    // In a string, the quote would be escaped.
    roots.has(number) ? text : text.replaceAll('schemaPath:"#/', `schemaPath:"#${number}/`),
  );
}
