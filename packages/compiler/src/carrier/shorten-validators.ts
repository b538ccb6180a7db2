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
